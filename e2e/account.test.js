// "My account": what people can see and change of themselves.

import assert from 'node:assert/strict';

import { api } from './harness/control.js';
import { phone as phoneSize } from './harness/browser.js';
import { scenario } from './harness/scenario.js';
import { agree, claims, enter, refusal, signInWithPassword } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

const sections = (page) => ({
  applications: page.locator('section[aria-labelledby="applications"]'),
  connections: page.locator('section[aria-labelledby="connections"]'),
  sessions: page.locator('section[aria-labelledby="sessions"]'),
});

/** Presses the button that disconnects, and the one that asks whether that is meant. */
async function disconnect(page) {
  const { connections } = sections(page);
  await connections.locator('summary').click();
  await connections.locator('details form button').click();
}

scenario('somebody looks after their account', async ({ demo, person }) => {
  for (const lang of languages) {
    const say = words[lang];
    const one = await person({ locale: locales[lang], allow: [/status of 409/] });
    const { page, screenshot } = one;
    const account = `${demo.url.weimen}if/user/`;
    const { sub } = await enter(page, demo, lang === 'en' ? 'alice' : 'xiaoming');
    await page.goto(demo.url.weimen);
    await page.waitForURL(account);
    assert.match(await page.title(), new RegExp(say.account));
    const { applications, connections, sessions } = sections(page);
    assert.equal(await connections.locator('details').count(), 1, 'WeChat is connected');
    assert.equal(await sessions.locator('li').count(), 1);

    // A second browser of the same person is seen here, and sent away.
    const other = await person({ locale: locales[lang], viewport: phoneSize });
    assert.equal((await enter(other.page, demo, lang === 'en' ? 'alice' : 'xiaoming')).sub, sub);
    await page.reload();
    assert.equal(await sessions.locator('li').count(), 2);
    await screenshot(`two sessions ${lang}`);
    await page.getByRole('button', { name: say.revoke }).first().click();
    await page.getByText(say.revoked).waitFor();
    assert.equal(await sessions.locator('li').count(), 1);
    await other.page.goto(account);
    await other.page.waitForURL(`${demo.url.weimen}if/flow/**`);

    // The only way in cannot be given away.
    await disconnect(page);
    const refused = await refusal(page, say);
    assert.ok(refused.code);
    await screenshot(`only way in ${lang}`);
    await page.locator('a.button.main').click();
    await page.waitForURL(account);

    // The other language shows the same page and is remembered; so is the way back.
    const html = page.locator('html');
    await page.getByRole('link', { name: say.otherLanguage }).click();
    assert.equal(new URL(page.url()).pathname, '/if/user/');
    assert.notEqual(await html.getAttribute('lang'), say.html);
    await page.goto(account);
    assert.notEqual(await html.getAttribute('lang'), say.html);
    await page.locator(`a[hreflang="${say.html}"]`).click();
    assert.equal(await html.getAttribute('lang'), say.html);

    await applications.getByRole('link', { name: /Demo/ }).click();
    await page.waitForURL(demo.url.app);
    assert.equal((await claims(page)).sub, sub);

    await page.goto(account);
    await page.getByRole('link', { name: say.signOut }).click();
    await page.getByRole('heading', { name: say.signedOut }).waitFor();
    await screenshot(`signed out ${lang}`);
    await page.goto(account);
    await page.waitForURL(`${demo.url.weimen}if/flow/**`);
  }
});

scenario('somebody with a password connects WeChat, uses it and disconnects it again', async ({ demo, person }) => {
  const say = words.zh;
  const one = await person({ locale: 'zh-CN', allow: [/status of 409/] });
  const { page, screenshot } = one;
  await page.goto(demo.url.weimen);
  await signInWithPassword(page, demo.admin.username, demo.admin.password);
  await page.waitForURL(`${demo.url.weimen}if/user/`);
  const { connections } = sections(page);
  await screenshot('not connected');
  await connections.locator('a.button').click();
  await page.waitForURL(`${demo.url.wechat}**`);
  await agree(page, 'xiaoming');
  await page.waitForURL(`${demo.url.weimen}if/user/`);
  assert.equal(await connections.locator('details').count(), 1);
  await screenshot('connected');

  const other = await person({ locale: 'zh-CN' });
  assert.equal((await enter(other.page, demo, 'xiaoming')).preferred_username, 'akadmin', 'WeChat leads to the account it is connected to');

  await page.goto(`${demo.url.weimen}if/user/`);
  await disconnect(page);
  await page.getByText(say.disconnected).waitFor();
  assert.equal(await connections.locator('details').count(), 0);
  await screenshot('disconnected');
});

scenario('an account elsewhere that belongs to someone else is not taken over', async ({ demo, person }) => {
  await enter((await person()).page, demo, 'alice');
  const before = await api(demo)('GET', 'sources/user_connections/oauth/');
  for (const lang of languages) {
    const one = await person({ locale: locales[lang], allow: [/status of 4\d\d/] });
    await one.page.goto(demo.url.weimen);
    await signInWithPassword(one.page, demo.admin.username, demo.admin.password);
    await one.page.waitForURL(`${demo.url.weimen}if/user/`);
    await sections(one.page).connections.locator('a.button').click();
    await one.page.waitForURL(`${demo.url.wechat}**`);
    await agree(one.page, 'alice');
    await one.page.waitForURL(`${demo.url.weimen}source/oauth/callback/wechat/**`);
    assert.ok((await refusal(one.page, words[lang])).code);
    await one.screenshot(`belongs to someone else ${lang}`);
    await one.page.goto(`${demo.url.weimen}if/user/`);
    assert.equal(await one.page.locator('h1').innerText(), 'Administrator', 'nobody switched accounts');
  }
  assert.deepEqual(await api(demo)('GET', 'sources/user_connections/oauth/'), before);
});
