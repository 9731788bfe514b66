// When it does not work: a page that says what happened, who can mend it and what to do now, in the reader's
// language, with a code by which the administrator finds the cause.

import assert from 'node:assert/strict';

import { api, wechat } from './harness/control.js';
import { scenario } from './harness/scenario.js';
import { agree, claims, enter, openLogin, openQR, refusal, signInWithWeChat } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

const allow = [/status of 4\d\d/];

/** Runs body for somebody in each language. */
async function eachLanguage(person, body) {
  for (const lang of languages) {
    await body(await person({ locale: locales[lang], allow }), words[lang], lang);
  }
}

/** The audit trail's entry of a support code. */
async function cause(demo, code) {
  const { results } = await api(demo)('GET', `events/events/?search=${encodeURIComponent(code)}`);
  assert.equal(results.length, 1, `events of ${code}`);
  return results[0];
}

scenario('an answer that nobody asked for is refused', async ({ demo, person }) => {
  await eachLanguage(person, async ({ page, screenshot }, say, lang) => {
    await page.goto(`${demo.url.weimen}source/oauth/callback/wechat/?code=${'0'.repeat(32)}&state=${'a'.repeat(32)}`);
    const { code } = await refusal(page, say);
    assert.equal((await cause(demo, code)).context.reason, 'source.state_unknown');
    await screenshot(`state unknown ${lang}`);
  });
});

scenario('a callback works once, and in its own browser only', async ({ demo, person }) => {
  const one = await person({ allow });
  let callback;
  one.page.on('request', (request) => {
    if (request.url().includes('/source/oauth/callback/')) callback = request.url();
  });
  await enter(one.page, demo, 'alice');
  const exchanges = async () => (await wechat(demo)('GET', 'sim/calls')).filter((call) => call.path.endsWith('/access_token')).length;
  assert.equal(await exchanges(), 1);

  for (const lang of languages) {
    const stranger = await person({ locale: locales[lang], allow });
    await stranger.page.goto(callback);
    const { code } = await refusal(stranger.page, words[lang]);
    assert.match((await cause(demo, code)).context.reason, /^source\.(other_browser|state_used)$/);
    await stranger.screenshot(`callback of another browser ${lang}`);
  }
  await one.page.goto(callback); // as "back" does: it leads on, for it is done already
  await one.page.waitForURL(`${demo.url.app}**`);
  assert.equal(await exchanges(), 1, 'the code is not exchanged a second time');
});

scenario('a source that was switched off meanwhile is closed', async ({ demo, person }) => {
  await eachLanguage(person, async ({ page, screenshot }, say, lang) => {
    await openLogin(page, demo);
    await api(demo)('PATCH', 'sources/oauth/wechat/', { enabled: false });
    await page.locator('a[href^="/source/oauth/login/wechat/"]').click();
    const { code } = await refusal(page, say);
    assert.equal((await cause(demo, code)).context.reason, 'source.disabled');
    await screenshot(`switched off ${lang}`);
    await openLogin(page, demo);
    assert.equal(await page.locator('a[href^="/source/oauth/login/wechat/"]').count(), 0);
    await screenshot(`login without the source ${lang}`);
    await api(demo)('PATCH', 'sources/oauth/wechat/', { enabled: true });
  });
});

const faults = [
  ['a wrong AppSecret', { endpoint: 'access_token', fault: { kind: 'errcode', errcode: 40125 } }, 'wechat.40125'],
  ['too many sign-ins at once', { endpoint: 'access_token', fault: { kind: 'errcode', errcode: 45011 } }, 'wechat.45011'],
  ['a truncated profile', { endpoint: 'userinfo', fault: { kind: 'truncated' } }, 'wechat.bad_answer'],
  ['the profile of someone else', { endpoint: 'userinfo', fault: { kind: 'wrong_person' } }, 'wechat.openid_mismatch'],
];
scenario('what goes wrong at WeChat is explained, and can be tried again', async ({ demo, person }) => {
  await eachLanguage(person, async (one, say, lang) => {
    for (const [what, fault, reason] of faults) {
      await openLogin(one.page, demo);
      await wechat(demo)('POST', 'sim/faults', fault);
      await openQR(one.page, demo);
      await agree(one.page, 'alice');
      await one.page.waitForURL(`${demo.url.weimen}source/oauth/callback/**`);
      const { code } = await refusal(one.page, say);
      await one.screenshot(`${what} ${lang}`);
      assert.equal((await cause(demo, code)).context.reason, reason);
    }
    await one.page.locator('a.button.main').click();
    await signInWithWeChat(one.page, demo, 'alice');
    assert.equal((await claims(one.page)).name, 'Alice Martin');
    await one.context.clearCookies();
  });
});

scenario('an address that does not exist says so', async ({ demo, person }) => {
  await eachLanguage(person, async ({ page, screenshot }, say, lang) => {
    for (const path of ['nowhere/', 'if/flow/nowhere/', 'source/oauth/login/nowhere/', 'application/o/authorize/?client_id=nobody']) {
      await page.goto(demo.url.weimen + path);
      await refusal(page, say);
      await screenshot(`${path} ${lang}`);
    }
    await page.goto(`${demo.url.weimen}nowhere/`);
    await page.getByRole('link', { name: say.otherLanguage }).click();
    assert.equal(new URL(page.url()).pathname, '/nowhere/');
    assert.notEqual(await page.locator('html').getAttribute('lang'), say.html);
  });
});

scenario('somebody who was deactivated comes in no more', async ({ demo, person }) => {
  await eachLanguage(person, async (one, say, lang) => {
    const who = lang === 'en' ? 'alice' : 'xiaoming';
    const { preferred_username: username } = await enter(one.page, demo, who);
    const { results } = await api(demo)('GET', `core/users/?username=${username}`);
    await api(demo)('PATCH', `core/users/${results[0].pk}/`, { is_active: false });
    await one.page.goto(`${demo.url.weimen}if/user/`);
    await one.page.waitForURL(`${demo.url.weimen}if/flow/**`); // the session is over as well
    await openQR(one.page, demo);
    await agree(one.page, who);
    await one.page.waitForURL(`${demo.url.weimen}source/oauth/callback/**`);
    const { code } = await refusal(one.page, say);
    assert.equal((await cause(demo, code)).context.reason, 'source.user_inactive');
    await one.screenshot(`deactivated ${lang}`);
  });
});
