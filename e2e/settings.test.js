// What people change of themselves: profile, password, and the end of the account.

import assert from 'node:assert/strict';

import { api } from './harness/control.js';
import { changeBrand, flowNamed } from './harness/flows.js';
import { assertLight, looker, weigh } from './harness/look.js';
import { scenario } from './harness/scenario.js';
import { enter, openLogin, signInWithPassword } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

const send = (page) => page.locator('main form button.main').click();

for (const lang of languages) {
  const say = words[lang];

  scenario(`somebody edits the profile and verifies a new address (${lang})`, async ({ demo, person, letters }) => {
    const one = await person({ locale: locales[lang], allow: [/status of 400/] });
    const { page } = one;
    const see = looker(one, lang);
    const account = `${demo.url.weimen}if/user/`;
    await enter(page, demo, 'xiaoming');
    await page.goto(account);
    await page.getByRole('link', { name: say.edit }).click();
    await page.locator('input[name="name"]').waitFor();
    assert.equal(await page.locator('input[name="name"]').inputValue(), '李小明');
    await see('settings');
    await page.locator('input[name="username"]').fill('xiaoming');
    await send(page);
    await page.getByRole('alert').waitFor(); // the system's settings do not let people change it
    await see('username may not be changed');
    await page.goto(account);
    await page.getByRole('link', { name: say.edit }).click();
    await page.locator('input[name="name"]').fill('小明');
    await send(page);
    await page.waitForURL(account);
    await page.getByText(say.saved).waitFor();
    assert.equal(await page.locator('h1').innerText(), '小明');
    await see('account with a new name');
    await api(demo)('PATCH', 'admin/settings/', { default_user_change_email: true });
    await page.getByRole('link', { name: say.edit }).click();
    await page.locator('input[name="email"]').fill('new@example.org');
    await send(page);
    await page.getByRole('heading', { name: say.lookForLetter }).waitFor();
    await see('letter to the new address');
    const { link } = await letters.to('new@example.org');
    await page.goto(link);
    await page.waitForURL(account);
    await page.getByText('new@example.org').waitFor();
  }, { letters: true });

  scenario(`somebody changes the password, and gives the present one for it (${lang})`, async ({ demo, person }) => {
    const one = await person({ locale: locales[lang], allow: [/status of 400/] });
    const { page } = one;
    const see = looker(one, lang);
    const weights = weigh(one.context, demo.url.weimen);
    await openLogin(page, demo);
    await signInWithPassword(page, demo.admin.username, demo.admin.password);
    await page.waitForURL(demo.url.app);
    await page.goto(`${demo.url.weimen}if/user/`);
    await page.locator('section[aria-labelledby="security"] a.button[href*="configure"]').first().click();
    const present = page.locator('input[name="password"]');
    await present.waitFor();
    await see('present password');
    await present.fill('not the password');
    await present.press('Enter');
    await page.getByRole('alert').waitFor();
    await see('present password wrong');
    await present.fill(demo.admin.password);
    await present.press('Enter');
    await page.locator('input[name="password_repeat"]').waitFor();
    await see('new password');
    await page.locator('input[name="password"]').fill('purple monkey dishwasher');
    await page.locator('input[name="password_repeat"]').fill('purple monkey dishwasher');
    await send(page);
    await page.waitForURL(`${demo.url.weimen}if/user/`);
    await page.getByText(say.passwordChanged).waitFor();
    await see('password changed');
    const other = await person({ locale: locales[lang] });
    await openLogin(other.page, demo);
    await signInWithPassword(other.page, demo.admin.username, 'purple monkey dishwasher');
    await other.page.waitForURL(demo.url.app);
    await assertLight(weights);
  });

  for (const script of [true, false]) {
    scenario(`somebody deletes the account (${lang}${script ? '' : ', without script'})`, async ({ demo, person }) => {
      const call = api(demo);
      await changeBrand(call, { flow_unenrollment: await flowNamed(call, 'default-unenrollment-flow') });
      const one = await person({ locale: locales[lang], script, allow: [/status of 400/] });
      const { page } = one;
      const see = looker(one, lang, { script });
      const { sub } = await enter(page, demo, 'xiaoming');
      const account = `${demo.url.weimen}if/user/`;
      await page.goto(account);
      await see('account that may be deleted');
      await page.getByRole('link', { name: say.deleteAccount }).click();
      await page.getByRole('link', { name: say.keepAccount }).click();
      await page.waitForURL(account);
      await page.getByRole('link', { name: say.deleteAccount }).click();
      await page.getByRole('button', { name: say.deleteAccountNow }).waitFor();
      await see('deleting');
      await page.getByRole('button', { name: say.deleteAccountNow }).click();
      await page.getByText(say.accountDeleted).waitFor();
      await see('deleted');
      await page.goto(account);
      await page.waitForURL(`${demo.url.weimen}if/flow/**`);
      await one.context.clearCookies();
      assert.notEqual((await enter(page, demo, 'xiaoming')).sub, sub, 'whoever comes back is somebody new');
    });
  }
}
