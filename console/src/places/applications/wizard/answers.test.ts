import { expect, test } from 'vitest';

import { generic, recipeOf } from '../recipes';
import type { Answers } from './answers';
import { begin, faultsOf, fits, planOf } from './answers';

const defaults = { implicit: 'implicit', explicit: 'explicit', invalidation: 'end', signingKey: 'key', scopes: ['openid'] };
const gitea = recipeOf('gitea')!;
const answered = (change: Partial<Answers> = {}): Answers => ({ ...begin(gitea), values: { url: 'git.example.com/', source: 'weimen' }, ...change });

test('a recipe begins with the name of its product', () => {
  expect(begin(gitea)).toMatchObject({ name: 'Gitea', slug: 'gitea', everybody: true, consent: false, values: { url: '', source: 'weimen' } });
});

test('what was said about who may use it survives another choice of product', () => {
  expect(begin(generic, answered({ everybody: false, groups: ['g'] }))).toMatchObject({ recipe: 'generic', everybody: false, groups: ['g'] });
});

test('a plan follows from the answers', () => {
  expect(planOf(gitea, answered({ consent: true, groups: ['g'], everybody: true }), defaults)).toEqual({
    name: 'Gitea', slug: 'gitea', description: '', launch: 'https://git.example.com/', clientType: 'confidential', authorizationFlow: 'explicit', invalidationFlow: 'end',
    redirects: [{ matching_mode: 'strict', url: 'https://git.example.com/user/oauth2/weimen/callback' }], signingKey: 'key', scopes: ['openid'], groups: [], users: [],
  });
});

test('a product that keeps no long secret gets one that it keeps whole', () => {
  const nextcloud = recipeOf('nextcloud')!;
  expect(planOf(nextcloud, { ...begin(nextcloud), values: { url: 'https://cloud.example.com' } }, defaults).secret).toMatch(/^[A-Za-z0-9]{60}$/);
});

test.each([
  ['nothing is wrong with whole answers', answered(), []],
  ['an address is asked for', answered({ values: { url: '', source: 'weimen' } }), ['url']],
  ['an authentication name stands in an address', answered({ values: { url: 'git.example.com', source: 'we/men' } }), ['source']],
  ['a name is asked for', answered({ name: ' ' }), ['name']],
  ['a slug stands in an address', answered({ slug: '应用' }), ['slug']],
  ['some people are somebody', answered({ everybody: false }), ['who']],
  ['one group is enough', answered({ everybody: false, groups: ['g'] }), []],
])('%s', (_, answers, faults) => {
  expect(Object.keys(faultsOf(gitea, answers))).toEqual(faults);
});

test('the address that is none is named', () => {
  const answers = { ...begin(generic), name: 'Mine', slug: 'mine', values: { addresses: 'https://a.example.com/callback\njavascript:alert(1)', client: 'public' } };
  expect(faultsOf(generic, answers).addresses).toEqual({ key: 'recipes.fault.oneAddress', address: 'javascript:alert(1)' });
});

test.each([
  ['https://a.example.com/callback', true], ['app.immich:///oauth-callback', true], ['/callback', false], ['https://a.example.com/#x', false], ['data:text/html,x', false],
])('%s may be a redirect URI: %s', (address, may) => {
  expect(fits(address)).toBe(may);
});
