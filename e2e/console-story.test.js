// From nothing to a working WeChat sign-in in one sitting, as an administrator who has never seen Weimen does it.

import assert from 'node:assert/strict';

import { consoleURL, settled, visit } from './harness/console.js';
import { api, wechat } from './harness/control.js';
import { scenario, withoutPostgres } from './harness/scenario.js';
import { claims, confirm, leave, openLogin, openPhone } from './harness/steps.js';
import { locales, words } from './harness/words.js';

/** What the administrator reads and presses. */
const sayings = {
  en: {
    ...words.en,
    weChat: 'WeChat',
    addWeChat: 'Add WeChat',
    showAtOnce: 'Show the button on the login page at once',
    swapped: 'This looks like the AppSecret. It belongs in the field below.',
    short: 'An AppID has 18 characters. Is something missing?',
    good: 'Looks like an AppID.',
    domain: 'Register the callback domain',
    way: 'The way there at WeChat',
    copyDomain: 'Copy: 授权回调域',
    ip: 'It is an IP address. WeChat takes domain names only.',
    back: 'Back',
    next: 'Next',
    button: 'The button on the login page',
    nowhere: 'The login page does not show this button yet: nobody can find the way in.',
    preview: 'Preview of the login page',
    showAt: 'Show the button at: Login page',
    addApplication: 'Add an application',
    anyClient: /^Another application/,
    name: 'Name',
    redirects: 'Redirect URIs',
    more: 'More settings',
    make: 'Add the application',
    made: 'Demo is added',
    issuer: 'Copy: Issuer',
    goOn: 'Continue: watch the first sign-in arrive',
    noButton: 'Its button is not on the login page',
    later: 'I will do this later',
    resume: 'Go on with the set-up',
    arrival: 'Watch the first sign-in arrive',
    waiting: 'Waiting for somebody to come in by WeChat …',
    here: /has signed in with WeChat$/,
    person: 'See who it is',
    connections: 'Connections',
    finish: 'Finish',
    dashboard: 'Dashboard',
  },
  zh: {
    ...words.zh,
    weChat: '微信',
    addWeChat: '添加微信',
    showAtOnce: '立即在登录页上显示按钮',
    swapped: '这看起来是 AppSecret，应当填在下面一栏。',
    short: 'AppID 共 18 个字符，是不是少了几位？',
    good: '看起来是 AppID。',
    domain: '登记授权回调域',
    way: '在微信那边的操作路径',
    copyDomain: '复制：授权回调域',
    ip: '这是 IP 地址，微信只接受域名。',
    back: '上一步',
    next: '下一步',
    button: '登录页上的按钮',
    nowhere: '登录页上还没有这个按钮，人们找不到入口。',
    preview: '登录页预览',
    showAt: '在此显示按钮：登录页',
    addApplication: '添加应用',
    anyClient: /^其他应用/,
    name: '名称',
    redirects: '重定向地址',
    more: '更多设置',
    make: '添加应用',
    made: 'Demo 已添加',
    issuer: '复制：Issuer',
    goOn: '继续：等待第一次登录',
    noButton: '登录页上没有它的按钮',
    later: '以后再说',
    resume: '继续设置',
    arrival: '等待第一次登录',
    waiting: '正在等待第一个人用微信登录…',
    here: /已用微信登录$/,
    person: '查看这位用户',
    connections: '已关联的账号',
    finish: '完成',
    dashboard: '概览',
  },
};

/**
 * Takes away what the demo brings along, so that the story begins with nothing.
 *
 * @returns {Promise<object>} what WeChat and the demo application know: the administrator has to be given it
 */
async function beginWithNothing(demo) {
  const call = api(demo);
  const [{ app_id: appID, secret, domain }] = await wechat(demo)('GET', 'sim/apps');
  const { results: [provider] } = await call('GET', 'providers/oauth2/');
  await call('DELETE', 'sources/oauth/wechat/');
  await call('DELETE', 'core/applications/demo/');
  await call('DELETE', `providers/oauth2/${provider.pk}/`);
  return { appID, secret, domain, clientID: provider.client_id, clientSecret: provider.client_secret, redirects: provider.redirect_uris.map(({ url }) => url) };
}

/** By the set-up link to a password, and from there to what they came for. */
async function setUp({ page, screenshot }, demo, say) {
  await page.goto(/http\S+\/link\/set-up\/\S+/.exec(demo.output())[0]);
  await page.locator('input[name="password"]').fill('correct horse');
  await page.locator('input[name="password_repeat"]').fill('correct horse');
  await page.locator('form button').click();
  await page.waitForURL(consoleURL(demo, 'welcome'));
  await page.getByRole('heading', { level: 2, name: say.addWeChat }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), say.html);
  await screenshot('welcome');
}

/** AppID and AppSecret: first in the wrong fields, as happens. */
async function addWeChat({ page, screenshot }, demo, say, { appID, secret }) {
  const field = page.getByRole('textbox', { name: 'AppID' });
  const add = page.getByRole('button', { name: say.addWeChat, exact: true });
  assert.equal(await add.isDisabled(), true);
  await field.fill(secret);
  await page.getByText(say.swapped).waitFor();
  await field.fill(appID.slice(0, -2));
  await page.getByText(say.short).waitFor();
  await screenshot('a letter is missing');
  await field.fill(` ${appID}\n`); // as pasted
  await page.getByText(say.good).waitFor();
  await page.getByLabel('AppSecret').fill(secret);
  assert.equal(await page.getByRole('checkbox', { name: say.showAtOnce }).isChecked(), true);
  await add.click();
  await page.getByRole('heading', { level: 2, name: say.domain }).waitFor();
}

/** The callback domain, exactly as it is to be registered. */
async function copyDomain({ page, screenshot }, say, { domain }) {
  const trail = page.getByRole('list', { name: say.way });
  for (const place of ['管理中心', '网站应用', '授权回调域']) await trail.getByText(place, { exact: true }).waitFor();
  assert.equal(await page.getByRole('textbox', { name: '授权回调域' }).inputValue(), domain);
  await page.getByRole('button', { name: say.copyDomain }).first().click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), domain);
  await page.getByText(say.ip).waitFor(); // the demo stands at an address that WeChat itself would not take
  await screenshot('callback domain');
}

/** Back to AppID and AppSecret: they can still be corrected. */
async function lookBack({ page }, say, { appID }) {
  await page.getByRole('button', { name: say.back, exact: true }).click();
  await page.getByRole('heading', { level: 2, name: say.addWeChat }).waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'AppID' }).inputValue(), appID);
  await page.getByRole('button', { name: say.next }).click();
  await page.getByRole('heading', { level: 2, name: say.domain }).waitFor();
}

/** The button, on the login page's picture and on the login page; taken away, it is on neither. */
async function seeButton(one, demo, say, stranger) {
  const { page, screenshot } = one;
  await page.getByRole('button', { name: say.next }).click();
  await page.getByRole('heading', { level: 2, name: say.button }).waitFor();
  const show = page.getByRole('switch', { name: say.showAt });
  const drawn = page.frameLocator(`iframe[title="${say.preview}"]`).getByText(say.withWeChat);
  assert.equal(await show.getAttribute('aria-checked'), 'true');
  await drawn.waitFor();
  await screenshot('button');
  await show.click();
  await page.getByText(say.nowhere).waitFor();
  await drawn.waitFor({ state: 'detached' });
  for (const heading of [say.addApplication, say.arrival]) {
    await page.getByRole('button', { name: say.next }).click();
    await page.getByRole('heading', { level: 2, name: heading }).waitFor();
  }
  await page.getByRole('link', { name: say.noButton }).click();
  await show.click();
  await page.getByText(say.nowhere).waitFor({ state: 'detached' });
  await drawn.waitFor();
  await stranger.page.goto(demo.url.weimen);
  await stranger.page.getByRole('link', { name: say.withWeChat }).waitFor();
}

/** The demo application, as any client of OpenID Connect. */
async function addApplication({ page, screenshot }, demo, say, { redirects }) {
  await page.getByRole('button', { name: say.next }).click();
  await page.getByRole('button', { name: say.addApplication }).click();
  await page.getByRole('button', { name: say.anyClient }).click();
  await page.getByLabel(say.name, { exact: true }).fill('Demo');
  await page.getByLabel(say.redirects).fill(redirects.join('\n'));
  await screenshot('where is it');
  await page.getByRole('button', { name: say.next }).click();
  await page.getByRole('button', { name: say.make }).click();
  await page.getByText(say.made).waitFor();
  await page.getByRole('button', { name: say.issuer }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${demo.url.weimen}application/o/demo/`);
  await settled(page);
  await screenshot('how to connect');
}

/**
 * What a test must do in place of people: the source leads to the simulator in place of WeChat, and the demo application, which takes no settings, gets those it was
 * started with.
 */
async function bringTogether(demo, { clientID, clientSecret }) {
  const call = api(demo);
  const { results: [provider] } = await call('GET', 'providers/oauth2/');
  const { results: [flow] } = await call('GET', 'flows/instances/?slug=default-invalidation-flow');
  await call('PATCH', `providers/oauth2/${provider.pk}/`, { client_id: clientID, client_secret: clientSecret, invalidation_flow: flow.pk });
  await call('PATCH', 'sources/oauth/wechat/', {
    authorization_url: `${demo.url.wechat}connect/qrconnect`, access_token_url: `${demo.url.wechat}sns/oauth2/access_token`, profile_url: `${demo.url.wechat}sns/userinfo`,
  });
}

/** From the application back to the set-up, which waits on the dashboard too. */
async function goOn({ page, screenshot }, say) {
  await page.getByRole('button', { name: say.goOn }).click();
  await page.getByRole('heading', { level: 2, name: say.arrival }).waitFor();
  await page.getByRole('button', { name: say.later }).click();
  await page.getByRole('heading', { level: 1, name: say.dashboard }).waitFor();
  await page.getByRole('button', { name: say.resume }).waitFor();
  await screenshot('set-up to go on with');
  await page.getByRole('button', { name: say.resume }).click();
  await page.getByRole('heading', { level: 2, name: say.arrival }).waitFor();
}

/** The first person comes, in a browser of their own, while the administrator watches. */
async function firstSignIn({ page, screenshot }, demo, say, stranger) {
  await page.getByText(say.waiting).waitFor();
  await screenshot('waiting');

  await openLogin(stranger.page, demo);
  await stranger.page.getByRole('link', { name: say.withWeChat }).click();
  await stranger.page.waitForURL(`${demo.url.wechat}connect/qrconnect**`);
  await confirm(await openPhone(stranger), 'xiaoming');
  await stranger.page.waitForURL(demo.url.app);
  assert.equal((await claims(stranger.page)).name, '李小明');

  await page.getByText(say.here).waitFor();
  await screenshot('arrived');
  await page.getByRole('link', { name: say.person }).click();
  await page.getByRole('heading', { level: 1, name: '李小明' }).waitFor();
  await page.getByRole('tab', { name: say.connections }).click();
  await page.getByRole('tabpanel', { name: say.connections }).getByRole('link', { name: say.weChat, exact: true }).waitFor();
  await screenshot('who it is');
  await visit(page, demo, '');
  await page.getByRole('heading', { level: 1, name: say.dashboard }).waitFor();
  assert.equal(await page.getByRole('button', { name: say.resume }).count(), 0);
  await screenshot('dashboard');
  await leave(stranger.page, demo);
}

function story(lang, options) {
  scenario(`from the set-up link to the first sign-in with WeChat (${lang})`, async ({ demo, person }) => {
    const say = sayings[lang];
    const known = await beginWithNothing(demo);
    const one = await person({ locale: locales[lang] });
    await one.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const stranger = await person({ locale: locales[lang] });
    await setUp(one, demo, say);
    await addWeChat(one, demo, say, known);
    await copyDomain(one, say, known);
    await lookBack(one, say, known);
    await seeButton(one, demo, say, stranger);
    await addApplication(one, demo, say, known);
    await bringTogether(demo, known);
    await goOn(one, say);
    await firstSignIn(one, demo, say, stranger);
  }, { newcomer: true, ...options });
}

story('en', { database: 'sqlite' });
story('zh', { database: 'postgres', skip: withoutPostgres });
