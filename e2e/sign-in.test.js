// The main job: someone signs in to an application with WeChat.

import assert from 'node:assert/strict';

import { phone as phoneSize } from './harness/browser.js';
import { scenario, withoutPostgres } from './harness/scenario.js';
import { claims, confirm, enter, leave, openLogin, openPhone, openQR } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

/** The whole way, step by step as a person sees it, to the claims that the application was told. */
async function wholeWay(one, demo, say) {
  const { page, screenshot } = one;
  await page.goto(demo.url.app);
  await screenshot('demo application');
  await page.getByRole('link', { name: say.signIn, exact: true }).click();
  await page.waitForURL(`${demo.url.weimen}if/flow/**`);
  assert.equal(await page.locator('html').getAttribute('lang'), say.html);
  await screenshot('login');
  await page.getByRole('link', { name: say.withWeChat }).click();
  await page.waitForURL(`${demo.url.wechat}connect/qrconnect**`);
  await screenshot('QR code');
  await page.getByRole('link', { name: say.openPhone }).waitFor();
  const phone = await openPhone(one);
  await screenshot('phone', phone);
  await confirm(phone, 'xiaoming');
  await screenshot('phone confirmed', phone);
  await phone.close();
  await page.waitForURL(demo.url.app); // by itself
  await screenshot('signed in');

  const first = await claims(page);
  assert.equal(first.name, '李小明');
  assert.equal(first.iss, `${demo.url.weimen}application/o/demo/`);
  assert.equal(first.aud, 'demo');
  assert.match(first.picture, /^http/);
  assert.match(first.sub, /^\S{8,}$/);
  assert.equal(first.email, undefined, 'no e-mail is invented');
  return first;
}

/** Out and in again as the same person, then as somebody else. */
async function comeAgain({ page, screenshot }, demo, first) {
  await leave(page, demo);
  await screenshot('signed out');
  const again = await enter(page, demo, 'xiaoming');
  assert.equal(again.sub, first.sub, 'the second time is no second enrollment');

  await leave(page, demo);
  const other = await enter(page, demo, 'alice');
  assert.equal(other.name, 'Alice Martin');
  assert.notEqual(other.sub, first.sub);
}

for (const lang of languages) {
  scenario(`a newcomer signs in with WeChat (${lang})`, async ({ demo, person }) => {
    const one = await person({ locale: locales[lang] });
    await comeAgain(one, demo, await wholeWay(one, demo, words[lang]));
  });

  scenario(`a newcomer signs in with WeChat without script (${lang})`, async ({ demo, person }) => {
    await wholeWay(await person({ locale: locales[lang], viewport: phoneSize, script: false }), demo, words[lang]);
  });
}

scenario('a newcomer signs in with WeChat on PostgreSQL', async ({ demo, person }) => {
  const one = await person({ locale: 'zh-CN' });
  await comeAgain(one, demo, await wholeWay(one, demo, words.zh));
}, { database: 'postgres', skip: withoutPostgres });

scenario('people with odd names sign in', async ({ demo, person }) => {
  const one = await person({ viewport: phoneSize });
  for (const who of ['control', 'long', 'markup']) {
    await one.context.clearCookies();
    const told = await enter(one.page, demo, who);
    assert.match(told.sub, /^\S{8,}$/, who);
    await one.screenshot(`claims of ${who}`);
    await one.page.goto(`${demo.url.weimen}if/user/`);
    await one.screenshot(`account of ${who}`);
    assert.equal(await one.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${who}: scrolls sideways`);
  }
});

scenario('two tabs of one browser sign in at the same time', async ({ demo, person }) => {
  const one = await person();
  const second = await one.context.newPage();
  await openLogin(one.page, demo);
  await openLogin(second, demo);
  await openQR(one.page, demo);
  await openQR(second, demo);
  const phones = [await openPhone(one), await openPhone({ page: second, context: one.context })];
  await confirm(phones[1], 'alice');
  await second.waitForURL(demo.url.app);
  assert.equal((await claims(second)).name, 'Alice Martin');
  await confirm(phones[0], 'alice');
  await one.page.waitForURL(demo.url.app);
  assert.equal((await claims(one.page)).name, 'Alice Martin');
});
