// Every page once, in both languages, themes and windows: pictures to look at, and what a program can check of
// beauty and access. How the pages come about is not the matter here.

import assert from 'node:assert/strict';

import { api, wechat } from './harness/control.js';
import { assertLight, look, weigh } from './harness/look.js';
import { scenario } from './harness/scenario.js';
import { agree, confirm, leave, openLogin, openPhone, openQR, refuse, signInWithPassword } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

for (const lang of languages) {
  const open = (person) => person({ locale: locales[lang], allow: [/status of 4\d\d/] });

  scenario(`every page on the way in is good to look at (${lang})`, async ({ demo, person }) => {
    const one = await open(person);
    const { page } = one;
    const weights = weigh(one.context, demo.url.weimen);
    await page.goto(demo.url.app);
    await look(one, 'demo application', { from: 'two' });
    await openLogin(page, demo);
    await look(one, 'login');
    await openQR(page, demo);
    await look(one, 'QR code', { from: 'two' });
    const phone = await openPhone(one);
    await look(one, 'phone', { page: phone, from: 'two' });
    await refuse(phone);
    await look(one, 'phone refused', { page: phone, from: 'two' });
    await look(one, 'QR code refused', { from: 'two' });
    await phone.locator('a.button').click();
    await confirm(phone, 'alice');
    await page.waitForURL(demo.url.app);
    await look(one, 'phone confirmed', { page: phone, from: 'two' });
    await phone.close();
    await look(one, 'claims', { from: 'two' });
    await page.goto(`${demo.url.weimen}if/user/`);
    await look(one, 'account');
    await page.locator('summary').click();
    await look(one, 'account disconnecting');
    await page.locator('details form button').click();
    await look(one, 'refusal only way in');
    await page.goto(`${demo.url.weimen}application/o/demo/end-session/`);
    assert.equal(await page.getByRole('link', { name: words[lang].signOut }).count(), 0, 'nothing is left to sign out of');
    await look(one, 'signed out of the application');
    await page.goto(`${demo.url.weimen}if/signed-out/`);
    await look(one, 'signed out');
    await page.goto(demo.url.wechat);
    await look(one, 'simulator', { from: 'two' });
    await page.goto(`${demo.url.wechat}sim/`);
    await look(one, 'control of the simulator', { from: 'two' });
    await assertLight(weights);
  });

  scenario(`every page with a form or a refusal is good to look at (${lang})`, async ({ demo, person }) => {
    const one = await open(person);
    const { page } = one;
    const weights = weigh(one.context, demo.url.weimen);
    await page.goto(/http\S+\/link\/set-up\/\S+/.exec(demo.output())[0]);
    await look(one, 'set up');
    for (const name of ['password', 'password_repeat']) await page.locator(`input[name="${name}"]`).fill('short');
    await page.locator('form button').click();
    await look(one, 'set up too short');
    for (const name of ['password', 'password_repeat']) await page.locator(`input[name="${name}"]`).fill('correct horse');
    await page.locator('form button').click();
    await page.waitForURL(`${demo.url.weimen}if/admin/welcome`); // console-looks looks at the console's pages
    await page.goto(`${demo.url.weimen}if/user/`);
    await look(one, 'account of an administrator');
    await page.goto(`${demo.url.weimen}flows/-/default/invalidation/`);

    await openLogin(page, demo);
    await page.locator('input[name="uid_field"]').fill('akadmin');
    await page.locator('input[name="uid_field"]').press('Enter');
    await page.locator('input[name="password"]').waitFor();
    await look(one, 'password');
    await page.locator('input[name="password"]').fill('not the password');
    await page.locator('input[name="password"]').press('Enter');
    await page.getByRole('alert').waitFor();
    await look(one, 'password wrong');

    await page.goto(/http\S+/.exec(await demo.run('rescue'))[0]);
    await look(one, 'rescue');
    await page.goto(`${demo.url.weimen}nowhere/`);
    await look(one, 'refusal nowhere');
    await openLogin(page, demo);
    await wechat(demo)('POST', 'sim/faults', { endpoint: 'access_token', fault: { kind: 'errcode', errcode: 40125 } });
    await openQR(page, demo);
    await agree(page, 'alice');
    await page.waitForURL(`${demo.url.weimen}source/oauth/callback/**`);
    await look(one, 'refusal of WeChat');

    await askForConsent(demo);
    await openLogin(page, demo);
    await signInWithPassword(page, 'akadmin', 'correct horse');
    await page.locator('button[name="deny"]').waitFor();
    await look(one, 'consent');
    await assertLight(weights);
  }, { newcomer: true });
}

/** Lets the demo application ask for the person's word from now on. */
async function askForConsent(demo) {
  const call = api(demo);
  const [provider] = (await call('GET', 'providers/oauth2/')).results;
  const { pk } = await call('GET', 'flows/instances/default-provider-authorization-explicit-consent/');
  await call('PATCH', `providers/oauth2/${provider.pk}/`, { authorization_flow: pk });
}

/**
 * Moves on with Tab until something is focused that a test wants, and checks on the way that each focus can be seen.
 *
 * @param {(element: Element) => boolean} wanted runs in the page
 */
async function tabTo(page, wanted) {
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    const { seen, what } = await focused.evaluate((element) => {
      const style = getComputedStyle(element.matches('input[type="radio"]') ? element.closest('label') : element);
      const own = getComputedStyle(element);
      const drawn = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
      const box = element.getBoundingClientRect();
      return { seen: (drawn(style) || drawn(own)) && box.width > 0, what: element.outerHTML.slice(0, 120) };
    });
    assert.ok(seen, `the focus cannot be seen on ${what} at ${page.url()}`);
    if (await focused.evaluate(wanted)) return;
  }
  assert.fail(`Tab does not lead there at ${page.url()}`);
}

scenario('somebody signs in with the keyboard alone', async ({ demo, person }) => {
  const one = await person({ locale: 'zh-CN' });
  const { page } = one;
  await page.goto(demo.url.app);
  await tabTo(page, (element) => element.matches('a.button'));
  await page.keyboard.press('Enter');
  await page.waitForURL(`${demo.url.weimen}if/flow/**`);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator(':focus').getAttribute('href'), '#main', 'the first Tab offers to skip');
  await one.screenshot('skip');
  await page.keyboard.press('Enter');
  await tabTo(page, (element) => element.matches('main a.button'));
  await one.screenshot('focus on the WeChat button');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${demo.url.wechat}**`);
  await tabTo(page, (element) => element.matches('a.button'));
  const [phone] = await Promise.all([one.context.waitForEvent('page'), page.keyboard.press('Enter')]);
  await phone.waitForLoadState();
  await tabTo(phone, (element) => element.matches('input[type="radio"]'));
  await phone.keyboard.press('ArrowDown');
  await tabTo(phone, (element) => element.matches('button[value="confirm"]'));
  await phone.keyboard.press('Enter');
  await page.waitForURL(demo.url.app);
  await phone.close();
  await leave(page, demo);

  await openLogin(page, demo);
  await tabTo(page, (element) => element.matches('input[name="uid_field"]'));
  await page.keyboard.type(demo.admin.username);
  await tabTo(page, (element) => element.matches('button'));
  await page.keyboard.press('Enter');
  await page.locator('input[name="password"]').waitFor();
  assert.equal(await page.locator(':focus').getAttribute('name'), 'password', 'the field is ready to type in');
  await page.keyboard.type(demo.admin.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(demo.url.app);
});
