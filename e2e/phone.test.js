// What can happen at the QR code and on the phone before somebody agrees.

import assert from 'node:assert/strict';

import { wechat } from './harness/control.js';
import { scenario } from './harness/scenario.js';
import { claims, confirm, openLogin, openPhone, openQR, refusal, refuse, signInWithWeChat } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

const uuid = async (page) => page.locator('#sign-in').getAttribute('data-uuid');

scenario('somebody refuses on the phone, then scans the same code again', async ({ demo, person }) => {
  for (const lang of languages) {
    const one = await person({ locale: locales[lang] });
    await openLogin(one.page, demo);
    await openQR(one.page, demo);
    const phone = await openPhone(one);
    await refuse(phone);
    await one.screenshot(`refused on the phone ${lang}`, phone);
    await one.page.getByText(words[lang].cancelledOnPhone).waitFor(); // the page asks by itself
    await one.screenshot(`refused ${lang}`);
    await phone.locator('a.button').click();
    await confirm(phone, 'alice');
    await one.page.waitForURL(demo.url.app);
    assert.equal((await claims(one.page)).name, 'Alice Martin');
  }
});

scenario('WeChat sends a refusal back to Weimen, which offers to start again', async ({ demo, person }) => {
  await wechat(demo)('PATCH', 'sim/behaviour', { cancel: 'redirect' });
  for (const lang of languages) {
    const one = await person({ locale: locales[lang], allow: [/status of 4\d\d/] });
    await openLogin(one.page, demo);
    await openQR(one.page, demo);
    await refuse(await openPhone(one));
    await one.page.waitForURL(`${demo.url.weimen}source/oauth/callback/wechat/**`);
    const { title, code } = await refusal(one.page, words[lang]);
    assert.match(title, lang === 'en' ? /not confirmed/ : /没有确认/);
    assert.ok(code);
    await one.screenshot(`cancelled ${lang}`);
    await one.page.locator('a.button.main').click();
    await signInWithWeChat(one.page, demo, 'alice');
    assert.equal((await claims(one.page)).name, 'Alice Martin', 'the way to the application is not lost');
  }
});

scenario('an expired code is replaced, with and without script', async ({ demo, person }) => {
  for (const script of [true, false]) {
    const one = await person({ script });
    await openLogin(one.page, demo);
    await openQR(one.page, demo);
    const old = await uuid(one.page);
    await wechat(demo)('POST', `sim/signins/${old}/expire`);
    if (!script) {
      const fresh = one.page.locator('.tips a');
      await fresh.waitFor();
      await one.screenshot('expired');
      await fresh.click();
    }
    await one.page.locator(`#sign-in:not([data-uuid="${old}"])`).waitFor();
    const phone = await openPhone(one);
    await confirm(phone, 'alice');
    await one.page.waitForURL(demo.url.app);
    assert.equal((await claims(one.page)).name, 'Alice Martin');
  }
});
