// A certified relying party that is not ours, openid-client, against the built binary: every protocol step that an application takes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as oidc from 'openid-client';

import { api, wechat } from '../harness/control.js';
import { startDemo } from '../harness/demo.js';
import { Visitor } from './visitor.js';

const callback = 'https://client.example/callback';
const bye = 'https://client.example/bye';
const secret = 'the secret of an independent client';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo?.stop());

/**
 * Makes a provider with its application, and discovers it as a client does.
 *
 * @param {string} slug also the client id
 * @param {object} [change] laid over the provider's settings
 * @param {oidc.ClientAuth} [authentication] how the client proves itself
 */
async function register(slug, change = {}, authentication = oidc.ClientSecretBasic(secret)) {
  const call = api(demo);
  const flow = async (name) => (await call('GET', `flows/instances/${name}/`)).pk;
  const scopes = (await call('GET', 'propertymappings/provider/scope/')).results;
  const { pk } = await call('POST', 'providers/oauth2/', {
    name: slug,
    client_id: slug,
    client_secret: secret,
    authorization_flow: await flow('default-provider-authorization-implicit-consent'),
    invalidation_flow: await flow('default-provider-invalidation-flow'),
    signing_key: (await call('GET', 'crypto/certificatekeypairs/?has_key=true')).results[0].pk,
    property_mappings: scopes.filter((s) => ['openid', 'profile', 'email', 'offline_access'].includes(s.scope_name)).map((s) => s.pk),
    redirect_uris: [callback, bye].map((url) => ({ matching_mode: 'strict', url })),
    ...change,
  });
  await call('POST', 'core/applications/', { name: slug, slug, provider: pk });
  return oidc.discovery(new URL(`application/o/${slug}/`, demo.url.weimen), slug, undefined, authentication, {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks], // http on loopback; and signatures are checked too
  });
}

/** Begins an authorization and says what must come back. */
async function begin(config, parameters = {}) {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedNonce: oidc.randomNonce(), expectedState: oidc.randomState(), idTokenExpected: true,
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback, scope: 'openid profile email', state: checks.expectedState, nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier), code_challenge_method: 'S256', ...parameters,
  });
  return { url, checks };
}

/** From Weimen's login page through the simulated WeChat to wherever the person was on the way to. */
async function throughWeChat(visitor, who) {
  const sim = wechat(demo);
  const qr = await visitor.follow('/source/oauth/login/wechat/');
  assert.equal(qr.origin, new URL(demo.url.wechat).origin);
  assert.ok((await fetch(qr)).ok);
  const [{ uuid }] = await sim('GET', `sim/signins?state=${encodeURIComponent(qr.searchParams.get('state'))}`);
  await sim('POST', `sim/signins/${uuid}/scan`);
  const { target } = await sim('POST', `sim/signins/${uuid}/confirm`, { user_id: who });
  return visitor.open(target);
}

/** Signs somebody in at a client that asks for offline access, so that the person is asked for consent. */
async function signInOffline(config, visitor, who) {
  const { url, checks } = await begin(config, { scope: 'openid offline_access', prompt: 'consent' });
  await visitor.open(url);
  await throughWeChat(visitor, who);
  const back = await visitor.press('Allow');
  return oidc.authorizationCodeGrant(config, back, checks);
}

const refused = (code) => (err) => (err.error === code ? true : assert.fail(`${err.code} ${err.error} ${err.message}`));

test('a person signs in with WeChat at clients of each sort', async () => {
  const keys = await api(demo)('POST', 'crypto/certificatekeypairs/generate/', { common_name: 'elliptic', validity_days: 30, alg: 'ecdsa' });
  const visitor = new Visitor(demo.url.weimen);
  const subjects = new Set();
  for (const [slug, change, authentication, algorithm] of [
    ['basic', {}, oidc.ClientSecretBasic(secret), 'RS256'],
    ['post', { signing_key: keys.pk, access_token_format: 'jwt' }, oidc.ClientSecretPost(secret), 'ES256'],
    ['public', { client_type: 'public' }, oidc.None(), 'RS256'],
  ]) {
    const config = await register(slug, change, authentication);
    const { url, checks } = await begin(config);
    let back = await visitor.open(url);
    if (subjects.size === 0) back = await throughWeChat(visitor, 'alice'); // the others find the session
    assert.equal(back.href.split('?')[0], callback, slug);

    const tokens = await oidc.authorizationCodeGrant(config, back, checks);
    assert.equal(tokens.refresh_token, undefined, slug);
    const [header] = tokens.id_token.split('.');
    assert.equal(JSON.parse(Buffer.from(header, 'base64url')).alg, algorithm);
    const claims = tokens.claims();
    assert.equal(claims.name, 'Alice Martin');
    assert.ok(!('email' in claims), 'an e-mail address was invented');
    const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.deepEqual([info.sub, info.name, 'email' in info], [claims.sub, 'Alice Martin', false]);
    subjects.add(claims.sub);

    // RFC 6749 section 4.1.2: a code is used once.
    await assert.rejects(oidc.authorizationCodeGrant(config, back, checks), refused('invalid_grant'));
  }
  assert.equal(subjects.size, 1, 'hashed_user_id is the same at every client');
});

test('a client learns a refusal by its code', async () => {
  const config = await register('refusals');
  const nobody = new Visitor(demo.url.weimen);
  const silent = await begin(config, { prompt: 'none' });
  const back = await nobody.open(silent.url);
  await assert.rejects(oidc.authorizationCodeGrant(config, back, silent.checks), refused('login_required'));

  const denied = await begin(config, { scope: 'openid offline_access', prompt: 'consent' });
  await nobody.open(denied.url);
  await throughWeChat(nobody, 'alice');
  await assert.rejects(oidc.authorizationCodeGrant(config, await nobody.press('Don’t allow'), denied.checks), refused('access_denied'));

  const wrong = await begin(config);
  const code = await nobody.open(wrong.url);
  await assert.rejects(
    oidc.authorizationCodeGrant(config, code, { ...wrong.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() }), refused('invalid_grant'));

  const impostor = new oidc.Configuration(config.serverMetadata(), 'refusals', undefined, oidc.ClientSecretBasic('guessed'));
  oidc.allowInsecureRequests(impostor);
  await assert.rejects(oidc.clientCredentialsGrant(impostor, { scope: 'openid' }), (err) => {
    assert.deepEqual([err.status, err.cause?.[0].scheme], [401, 'basic']); // RFC 6749 section 5.2
    return true;
  });
});

test('refresh tokens rotate, and one that is used twice ends them all', async () => {
  const config = await register('rotation');
  const first = await signInOffline(config, new Visitor(demo.url.weimen), 'alice');
  assert.ok(first.refresh_token);
  const second = await oidc.refreshTokenGrant(config, first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal(second.claims().sub, first.claims().sub);
  await oidc.fetchUserInfo(config, second.access_token, first.claims().sub);

  await assert.rejects(oidc.refreshTokenGrant(config, first.refresh_token), refused('invalid_grant')); // RFC 9700 section 4.14.2
  await assert.rejects(oidc.refreshTokenGrant(config, second.refresh_token), refused('invalid_grant'));
  assert.equal((await oidc.tokenIntrospection(config, second.access_token)).active, false);
});

test('tokens are introspected and revoked', async () => {
  const config = await register('revocation');
  const tokens = await signInOffline(config, new Visitor(demo.url.weimen), 'alice');
  const seen = await oidc.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([seen.active, seen.client_id, seen.sub], [true, 'revocation', tokens.claims().sub]);
  assert.deepEqual(seen.scope.split(' ').sort(), ['offline_access', 'openid']);
  assert.equal((await oidc.tokenIntrospection(config, 'no token at all')).active, false);

  await oidc.tokenRevocation(config, tokens.access_token);
  assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, false);
  await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub), (err) => {
    assert.deepEqual([err.status, err.cause?.[0].scheme, err.cause?.[0].parameters.error], [401, 'bearer', 'invalid_token']); // RFC 6750 section 3.1
    return true;
  });

  await oidc.tokenRevocation(config, tokens.refresh_token, { token_type_hint: 'refresh_token' });
  await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), refused('invalid_grant'));
});

test('a program gets a token of its own', async () => {
  const config = await register('program');
  const tokens = await oidc.clientCredentialsGrant(config, { scope: 'openid profile' });
  assert.equal(tokens.refresh_token, undefined); // RFC 6749 section 4.4.3
  const seen = await oidc.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([seen.active, seen.client_id], [true, 'program']);
});

test('signing out leads back with the state, and a client can ask for a fresh sign-in', async () => {
  const config = await register('leaving');
  const visitor = new Visitor(demo.url.weimen);
  const { url, checks } = await begin(config);
  await visitor.open(url);
  const tokens = await oidc.authorizationCodeGrant(config, await throughWeChat(visitor, 'alice'), checks);

  const out = await visitor.open(oidc.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token, post_logout_redirect_uri: bye, state: 'where I was',
  }));
  assert.equal(out.href, `${bye}?state=where+I+was`);

  const again = await begin(config, { max_age: '0' });
  const shown = await visitor.open(again.url);
  assert.match(shown.pathname, /^\/if\/flow\//);
  const fresh = await oidc.authorizationCodeGrant(config, await throughWeChat(visitor, 'alice'), { ...again.checks, maxAge: 60 });
  assert.equal(fresh.claims().sub, tokens.claims().sub);
});
