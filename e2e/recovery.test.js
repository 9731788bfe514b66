// Whoever has forgotten the password gets back in by e-mail.

import assert from 'node:assert/strict';

import { api } from './harness/control.js';
import { flowNamed, stageNamed } from './harness/flows.js';
import { assertLight, looker, seeLetter, weigh } from './harness/look.js';
import { scenario } from './harness/scenario.js';
import { claims, openLogin, refusal, signInWithPassword } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

const old = 'correct horse battery';
const fresh = 'purple monkey dishwasher';

/** Makes a person with a password and an address, and the link on the login page. */
async function prepare(call, username) {
  await call('PATCH', `stages/identification/${await stageNamed(call, 'default-authentication-identification')}/`, {
    recovery_flow: await flowNamed(call, 'default-recovery-flow'),
  });
  const { pk } = await call('POST', 'core/users/', { username, name: '李小明', email: `${username}@example.org`, path: 'users' });
  await call('POST', `core/users/${pk}/set_password/`, { password: old });
}

/** Asks for a letter on the login page, for a person there is or not. */
async function ask(page, demo, who, say, see) {
  await openLogin(page, demo);
  await see('login with a way to recover');
  await page.getByRole('link', { name: say.forgot }).click();
  await page.locator('input[name="uid_field"]').waitFor();
  await see('who has forgotten');
  await page.locator('input[name="uid_field"]').fill(who);
  await page.locator('main form button').click();
  await page.getByRole('heading', { name: say.lookForLetter }).waitFor();
  await see('letter on its way');
}

async function choose(page, password) {
  await page.locator('input[name="password"]').fill(password);
  await page.locator('input[name="password_repeat"]').fill(password);
  await page.locator('main form button').click();
}

for (const lang of languages) {
  const say = words[lang];

  scenario(`somebody gets back in by e-mail, and whoever sat there is out (${lang})`, async ({ demo, person, letters }) => {
    await prepare(api(demo), 'xiaoming');
    const before = await person({ locale: locales[lang] });
    await openLogin(before.page, demo);
    await signInWithPassword(before.page, 'xiaoming', old);
    await before.page.waitForURL(demo.url.app);

    const one = await person({ locale: locales[lang], allow: [/status of 400/] });
    const { page } = one;
    const see = looker(one, lang, { known: ['example'] });
    const weights = weigh(one.context, demo.url.weimen);
    await ask(page, demo, 'xiaoming@example.org', say, see);
    const { link, html, subject } = await letters.to('xiaoming@example.org');
    assert.match(subject, say.resetPassword);
    await seeLetter(one, lang, html);
    await page.goto(link);
    await page.locator('input[name="password"]').waitFor();
    await see('new password');
    await choose(page, 'password');
    await page.getByRole('alert').first().waitFor();
    await see('password too weak');
    await choose(page, fresh);
    await page.waitForURL(demo.url.app);
    assert.equal((await claims(page)).preferred_username, 'xiaoming');

    await before.page.goto(`${demo.url.weimen}if/user/`);
    await before.page.waitForURL(`${demo.url.weimen}if/flow/**`);
    await page.goto(link);
    await refusal(page, say);
    await see('link used');
    const again = await person({ locale: locales[lang], allow: [/status of 400/] });
    await openLogin(again.page, demo);
    await signInWithPassword(again.page, 'xiaoming', old);
    await again.page.getByRole('alert').waitFor();
    await again.page.locator('input[name="password"]').fill(fresh);
    await again.page.locator('input[name="password"]').press('Enter');
    await again.page.waitForURL(demo.url.app);
    await assertLight(weights);
  }, { letters: true });

  scenario(`a link of recovery asks for a click in another browser, and tells nobody who is known (${lang})`, async ({ demo, person, letters }) => {
    await prepare(api(demo), 'xiaoming');
    const asking = await person({ locale: locales[lang], script: false });
    await ask(asking.page, demo, 'xiaoming', say, async () => {});
    const { link } = await letters.to('xiaoming@example.org');
    const other = await person({ locale: locales[lang], script: false, allow: [/status of 4\d\d/] });
    const { page } = other;
    for (let i = 0; i < 2; i++) { // programs open links too, and use nothing up
      await page.goto(link);
      await page.locator('main form button').waitFor();
    }
    await looker(other, lang, { script: false })('link in another browser');
    await other.screenshot(`link in another browser ${lang}`);
    await page.locator('main form button').click();
    await choose(page, fresh);
    await page.waitForURL(new RegExp(`^${demo.url.app}|^${demo.url.weimen}if/user/`));

    const shown = [];
    for (const who of ['xiaoming', 'nobody']) {
      const stranger = await person({ locale: locales[lang], script: false });
      await ask(stranger.page, demo, who, say, async () => {});
      shown.push(await stranger.page.locator('main').innerText());
    }
    assert.equal(shown[0], shown[1], 'the page is the same for those who have an account and those who have none');
  }, { letters: true });
}
