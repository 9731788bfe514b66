import { expect, test } from 'vitest';

import { initials, openable, ownPicture } from './application';

test.each([
  ['/media/public/logo.png', 'https://id.example.com/media/public/logo.png'],
  ['https://id.example.com/a.png', 'https://id.example.com/a.png'],
  ['https://elsewhere.example.com/a.png', undefined],
  ['//elsewhere.example.com/a.png', undefined],
  ['http://id.example.com/a.png', undefined],
  ['data:image/png;base64,AAAA', undefined],
  ['fa://fa-check', undefined],
  [null, undefined],
])('the picture %j is shown as %j', (address, shown) => {
  expect(ownPicture(address, 'https://id.example.com')).toBe(shown);
});

test.each([['Gitea', 'G'], ['oauth2-proxy', 'OP'], ['Chat with models', 'CW'], ['知识库', '知'], ['', '?']])('%j is known by %j', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test.each([['https://wiki.example.com/', true], ['javascript:alert(1)', false], ['', false], [null, false]])('%j can be opened: %s', (address, can) => {
  expect(openable(address) !== undefined).toBe(can);
});
