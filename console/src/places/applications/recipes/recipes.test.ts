import { describe, expect, test } from 'vitest';

import en from '../../../texts/recipes.en.json';
import zh from '../../../texts/recipes.zh.json';
import { cleanAddress, fill, generic, placeholders, plain, recipeBehind, recipes, recognise, redirectsOf } from '.';
import { facts } from '../connect/facts';

/** What the server knows of a provider once it is there. */
const known = facts({
  brand: 'Our house', random: 'r'.repeat(43), algorithm: 'ES256', secret: 's'.repeat(60),
  provider: { client_id: 'the-client' },
  urls: {
    issuer: 'https://id.example.com/application/o/app/', authorize: 'https://id.example.com/application/o/authorize/', token: 'https://id.example.com/application/o/token/',
    user_info: 'https://id.example.com/application/o/userinfo/', provider_info: 'https://id.example.com/application/o/app/.well-known/openid-configuration',
    logout: 'https://id.example.com/application/o/app/end-session/', jwks: 'https://id.example.com/application/o/app/jwks/',
  },
});

const answers = { url: 'https://app.example.com', source: 'weimen', addresses: 'https://app.example.com/callback\nhttps://app.example.com/bye', client: 'confidential' };

/** As each product documents them; where is said in its recipe. */
const documented: Record<string, string[]> = {
  gitea: ['https://app.example.com/user/oauth2/weimen/callback'],
  gitlab: ['https://app.example.com/users/auth/openid_connect/callback'],
  nextcloud: ['https://app.example.com/apps/user_oidc/code', 'https://app.example.com/index.php/apps/user_oidc/code'],
  grafana: ['https://app.example.com/login/generic_oauth'],
  outline: ['https://app.example.com/auth/oidc.callback'],
  immich: ['https://app.example.com/auth/login', 'https://app.example.com/user-settings', 'app.immich:///oauth-callback'],
  lobechat: ['https://app.example.com/api/auth/callback/generic-oidc'],
  harbor: ['https://app.example.com/c/oidc/callback'],
  jenkins: ['https://app.example.com/securityRealm/finishLogin', 'https://app.example.com/OicLogout'],
  oauth2Proxy: ['https://app.example.com/oauth2/callback'],
  generic: ['https://app.example.com/callback', 'https://app.example.com/bye'],
};

type Words = { about: string; steps: Record<string, string>; values?: Record<string, string> };

describe.each(recipes)('the recipe $id', (recipe) => {
  const values = { ...known, ...answers };
  const texts = [recipe.launch, ...recipe.redirects, ...recipe.steps.flatMap(({ values: list = [], block }) => [...list.map(({ value }) => value), block?.text ?? ''])];

  test('leaves no placeholder unfilled', () => {
    for (const text of texts) expect(placeholders(fill(text, values))).toEqual([]);
    for (const text of texts) expect(fill(text, values)).not.toMatch(/\{\{|\}\}|undefined/);
  });

  test('asks for what it fills in itself, and for nothing else', () => {
    const used = new Set(texts.flatMap(placeholders));
    expect([...used].filter((name) => !(name in known)).sort()).toEqual(recipe.fields.map(({ name }) => name).filter((name) => name !== 'client').sort());
  });

  test('has the redirect URIs that the product documents', () => {
    expect(redirectsOf(recipe, values)).toEqual(documented[recipe.id]);
    expect(recipe.documentation).toMatch(/^https:\/\//);
  });

  test('gives the client id and the secret to be copied', () => {
    expect(texts.some((text) => text.includes('{{client_id}}'))).toBe(true);
    expect(texts.some((text) => text.includes('{{client_secret}}'))).toBe(true);
  });

  test.each([['English', en], ['Chinese', zh]] as const)('has its words in %s', (_, all) => {
    const words = (all as unknown as Record<string, Words>)[recipe.id]!;
    expect(words.about).toBeTruthy();
    expect(Object.keys(words.steps).sort()).toEqual(recipe.steps.map(({ id }) => id).sort());
    expect(Object.keys(words.values ?? {}).sort()).toEqual([...new Set(recipe.steps.flatMap((step) => (step.values ?? []).map(({ label }) => label)))].sort());
  });

  test('is recognised later by its redirect URIs', () => {
    const found = recipeBehind(redirectsOf(recipe, values));
    expect(found.recipe.id).toBe(recipe.id);
    for (const { name, type } of recipe.fields) if (type !== 'client') expect(found.values[name]).toBe(answers[name as keyof typeof answers]);
  });
});

test('every recipe has its own id', () => {
  expect(new Set(recipes.map(({ id }) => id)).size).toBe(recipes.length);
});

test('an application under a path is recognised too', () => {
  expect(recipeBehind(['https://example.com/cloud/apps/user_oidc/code', 'https://example.com/cloud/index.php/apps/user_oidc/code']).values).toEqual({ url: 'https://example.com/cloud' });
});

test('what lacks one of the redirect URIs is not taken for that product', () => {
  expect(recognise(recipes.find(({ id }) => id === 'immich')!, ['https://app.example.com/auth/login'])).toBeUndefined();
  expect(recipeBehind(['https://app.example.com/auth/login']).recipe).toBe(generic);
});

test.each([
  ['https://git.example.com/', 'https://git.example.com'],
  ['git.example.com', 'https://git.example.com'],
  ['  http://localhost:3000/x/?a=b#c ', 'http://localhost:3000/x'],
  ['ftp://git.example.com', ''],
  ['https:/git.example.com/', 'https://git.example.com'],
  ['https:git.example.com', 'https://git.example.com'],
  ['http//git.example.com', 'http://git.example.com'],
  ['https：//git.example.com', 'https://git.example.com'],
  ['HTTPS:///git.example.com', 'https://git.example.com'],
  ['git.example.com:3000/x', 'https://git.example.com:3000/x'],
  ['localhost:3000', 'https://localhost:3000'],
  ['httpbin.example.com', 'https://httpbin.example.com'],
  ['ftp:/nonsense', ''],
  ['ftp:nonsense', ''],
  ['ftp//nonsense', ''],
  ['https://', ''],
  ['http:', ''],
  ['//git.example.com', 'https://git.example.com'],
  ['javascript:alert(1)', ''],
  ['javascript://alert(1)', ''],
  ['https://me:secret@git.example.com', ''],
  ['not an address', ''],
  ['', ''],
])('the address %j becomes %j', (typed, clean) => {
  expect(cleanAddress(typed)).toBe(clean);
});

test('what stands between quotes in a file cannot end them', () => {
  expect(plain('It\'s "our" $HOME\\ `house`\n{x}')).toBe('Its our HOME housex');
});
