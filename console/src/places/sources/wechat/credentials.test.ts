import { describe, expect, it } from 'vitest';

import { pasted, shapeOfAppID, shapeOfSecret } from './credentials';

const secret = '0123456789abcdef0123456789abcdef';

describe('an AppID', () => {
  it.each([
    ['nothing yet', '', 'empty'],
    ['the usual shape', 'wx0123456789abcdef', 'ok'],
    ['an AppSecret in the wrong field', secret, 'secret'],
    ['a CorpID of WeCom', 'ww0123456789abcdef', 'wecom'],
    ['the original id of an official account', 'gh_0123456789ab', 'original'],
    ['capitals, as somebody typed it off', 'WX0123456789ABCDEF', 'capitals'],
    ['one digit that got lost', 'wx0123456789abcde', 'short'],
    ['one digit too many', 'wx0123456789abcdef0', 'long'],
    ['the first letter alone, while typing', 'w', 'short'],
    ['something else', 'my-app', 'odd'],
    ['quotes that came along', '"wx0123456789abcdef"', 'quoted'],
  ])('knows %s', (_, value, shape) => expect(shapeOfAppID(value)).toBe(shape));
});

describe('an AppSecret', () => {
  it.each([
    ['nothing yet', '', 'empty'],
    ['the usual shape', secret, 'ok'],
    ['an AppID in the wrong field', 'wx0123456789abcdef', 'appID'],
    ['what WeChat shows in place of it', '************************', 'stars'],
    ['capitals', secret.toUpperCase(), 'capitals'],
    ['a part of it', secret.slice(1), 'short'],
    ['more than it', `${secret}0`, 'long'],
    ['something else', 'correct horse', 'odd'],
    ['quotes that came along', `“${secret}”`, 'quoted'],
  ])('knows %s', (_, value, shape) => expect(shapeOfSecret(value)).toBe(shape));
});

it('takes away what is pasted along with a value', () => {
  expect(pasted(' wx0123456789abcdef\r\n')).toBe('wx0123456789abcdef');
  expect(pasted('\u200bwx01 23')).toBe('wx0123');
});
