// Every page of the console once: pictures to look at, and what a program can check of beauty and access.

import assert from 'node:assert/strict';
import { get } from 'node:http';

import { consoleURL, lookAround, lookAtPage, openConsole, settled } from './console.js';
import { api, wechat } from './control.js';
import { scenario, withoutPostgres } from './scenario.js';
import { agree, enter, leave, openLogin, openQR } from './steps.js';
import { locales } from './words.js';

/** Names in Latin letters that stand on Chinese pages: products, standards, and what the administrator of the demo named. */
const known = ('WeChat AppID AppSecret GitHub GitLab Google Gitea Grafana Nextcloud Outline Harbor Jenkins Immich LobeChat OAuth OAuth2 OIDC URL URI URIs JSON YAML CSV PEM ' +
  'RSA ECDSA SHA PKCE JWT JWKS HTTP HTTPS SMTP GeoIP ASN TOTP SMS WebAuthn Passkey UUID Python Starlark SQLite PostgreSQL akadmin default demo wechat alice ' +
  'UnionID OpenID openid unionid entitlements roles GDPR Git Forgejo LobeHub uid Microsoft Entra Okta Keycloak Enterprise Server UPN Logo CSS API authentik Issuer Discovery Client Secret Scope scope context Token response type code env slug AAGUID rsa ecdsa Bearer').split(' ').concat('oauth2-proxy', 'An ordinary OpenID Connect client', 'React Flow attribution', 'React Flow');

/**
 * A sign-in that went well, one that was refused, and somebody of each noun, so that no page is empty.
 */
async function furnish(one, demo) {
  const { page } = one;
  await enter(page, demo, 'alice');
  await leave(page, demo);
  await wechat(demo)('POST', 'sim/faults', { endpoint: 'access_token', fault: { kind: 'errcode', errcode: 40125 } });
  await openLogin(page, demo);
  await openQR(page, demo);
  await agree(page, 'alice');
  await page.waitForURL(`${demo.url.weimen}**`);
  const call = api(demo);
  const { pk: group } = await call('POST', 'core/groups/', { name: 'members' });
  await call('POST', 'stages/invitation/invitations/', { name: 'welcome', single_use: true });
  await call('POST', 'core/tokens/', { identifier: 'deploy', intent: 'api', description: 'for the pipeline' });
  const policy = await call('POST', 'policies/expression/', { name: 'office-hours', expression: 'return True' });
  const { results: [event] } = await call('GET', 'events/events/?action=login&ordering=-created');
  const { results: [failed] } = await call('GET', 'events/events/?action=login_failed&ordering=-created');
  const { results: [person] } = await call('GET', 'core/users/?search=alice');
  const { results: [brand] } = await call('GET', 'core/brands/');
  const { results: [provider] } = await call('GET', 'providers/all/');
  const { results: [application] } = await call('GET', 'core/applications/');
  const { results: [stage] } = await call('GET', 'stages/identification/');
  const { results: [prompt] } = await call('GET', 'stages/prompt/prompts/');
  const { results: [mapping] } = await call('GET', 'propertymappings/source/oauth/');
  const { results: [invitation] } = await call('GET', 'stages/invitation/invitations/');
  return { group, policy, event, failed, person, brand, provider, application, stage, prompt, mapping: mapping ?? (await call('GET', 'propertymappings/provider/scope/')).results[0], invitation };
}

/** What objects are called by those who made them: names that a page may show in any language. */
async function namesOf(call) {
  const found = new Set();
  const collect = (value, key) => {
    if (typeof value === 'string') {
      if (/^(name|title|slug|description|username|domain|identifier|label|field_key|managed|pk|uuid|uid|path|verbose_name|meta_model_name|app|action|object_name)$|_set$/.test(key) && value) found.add(value);
    } else if (value && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) collect(inner, Array.isArray(value) ? key : name);
    }
  };
  for (const path of ['flows/instances', 'stages/all', 'stages/prompt/prompts', 'policies/all', 'propertymappings/all', 'sources/all', 'providers/all', 'core/applications', 'core/brands',
    'core/groups', 'core/users', 'stages/authenticator/webauthn_device_types', 'core/tokens', 'crypto/certificatekeypairs', 'stages/invitation/invitations', 'events/events', 'flows/bindings', 'policies/bindings']) {
    collect((await call('GET', `${path}/?page_size=100`)).results, '');
  }
  return [...found];
}

/** The pages by place. */
const places = {
  'dashboard and events': ({ event, failed }) => ['', 'welcome', 'events', `events/${event.pk}`, ...(failed?.support_code ? [`traces/${failed.support_code}`] : []), 'traces/2222-2222', 'nowhere'],
  applications: ({ application, provider }) => ['applications', `applications/${application.slug}`, 'applications/new', 'providers', `providers/${provider.pk}`],
  people: ({ person, group, invitation }) => ['users', `users/${person?.pk ?? 1}`, 'groups', `groups/${group}`, 'tokens', 'invitations', `invitations/${invitation.pk}`, 'reputation'],
  sources: () => ['sources', 'sources/new', 'sources/wechat'],
  flows: () => ['flows', 'flows/default-authentication-flow'],
  'stages and policies': ({ stage, prompt, policy, mapping }) => [
    'stages', `stages/${stage.pk}`, 'stages/device-types', 'prompts', ...(prompt ? [`prompts/${prompt.pk}`] : []), 'policies', `policies/${policy.pk}`, 'property-mappings', `property-mappings/${mapping.pk}`,
  ],
  system: ({ brand }) => ['brands', `brands/${brand.brand_uuid}`, 'certificates', 'settings', 'status'],
};

/** What the scripts and styles of the first page may weigh together, in bytes, as gzip makes them. */
const heaviest = 400_000;

/** How many bytes travel for a file. */
const zipped = (url) => new Promise((resolve, reject) => {
  get(url, { headers: { 'accept-encoding': 'gzip' } }, async (answer) => {
    assert.equal(answer.headers['content-encoding'], 'gzip', url);
    let size = 0;
    for await (const chunk of answer) size += chunk.length;
    resolve(size);
  }).on('error', reject);
});

/** Looks at all of them in a language: in English on SQLite, in Chinese on PostgreSQL where it is installed. */
export function consoleLooks(lang) {
  const options = { database: lang === 'zh' && !withoutPostgres ? 'postgres' : 'sqlite' };
  for (const [place, pages] of Object.entries(places)) {
    scenario(`the console's pages of ${place} are good to look at (${lang})`, async ({ demo, person }) => {
      const one = await person({ locale: locales[lang], allow: [/status of 4\d\d/] });
      const made = await furnish(one, demo);
      await openConsole(one.page, demo);
      const names = lang === 'zh' ? await namesOf(api(demo)) : [];
      for (const path of pages(made)) await lookAtPage(one, demo, path, { lang, known: [...known, ...names] });
    }, options);
  }

  scenario(`the first load of the console is light (${lang})`, async ({ demo, person }) => {
    const { page } = await person({ locale: locales[lang] });
    const loaded = new Set();
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/if/admin/') && !response.request().isNavigationRequest()) loaded.add(response.url());
    });
    await openConsole(page, demo);
    const sizes = await Promise.all([...loaded].map(zipped));
    const sum = sizes.reduce((all, size) => all + size, 0);
    assert.ok(sizes.length > 3 && sum < heaviest, `${sum} bytes in ${sizes.length} files`);
  }, options);

  scenario(`the console is not for everybody (${lang})`, async ({ demo, person }) => {
    const one = await person({ locale: locales[lang], allow: [/status of 4\d\d/] });
    const { page } = one;
    await enter(page, demo, 'alice');
    await page.goto(consoleURL(demo));
    await settled(page);
    await lookAround(one, 'not for everybody', { lang, known });
  }, options);
}
