// The first administrator: by the set-up link, by password, and by the rescue link.

import assert from 'node:assert/strict';

import { scenario } from './harness/scenario.js';
import { claims, openLogin, refusal, signInWithPassword } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

for (const lang of languages) {
  scenario(`the first administrator chooses a password and signs in with it (${lang})`, async ({ demo, person }) => {
    const say = words[lang];
    const one = await person({ locale: locales[lang], allow: [/status of 400/] });
    const { page, screenshot } = one;
    const link = /http\S+\/link\/set-up\/\S+/.exec(demo.output())[0];
    const choose = async (password, repeat) => {
      await page.locator('input[name="password"]').fill(password);
      await page.locator('input[name="password_repeat"]').fill(repeat);
      await page.locator('form button').click();
    };
    await page.goto(link);
    await page.reload(); // looking uses nothing up
    const html = page.locator('html');
    await page.getByRole('link', { name: say.otherLanguage }).click();
    assert.notEqual(await html.getAttribute('lang'), say.html);
    await page.locator(`a[hreflang="${say.html}"]`).click();
    assert.equal(await html.getAttribute('lang'), say.html);
    await screenshot('set up');
    await choose('short', 'short');
    assert.equal((await page.getByRole('alert').innerText()).trim(), say.tooShort);
    await screenshot('too short');
    await choose('correct horse', 'correct house');
    assert.equal((await page.getByRole('alert').innerText()).trim(), say.different);
    await choose('correct horse', 'correct horse');
    await page.waitForURL(`${demo.url.weimen}if/admin/welcome`); // where an administrator goes on
    await page.goto(`${demo.url.weimen}if/user/`);
    await screenshot('account of an administrator');
    await page.getByRole('link', { name: say.signOut }).click();
    await page.getByRole('heading', { name: say.signedOut }).waitFor();

    // The form's answer leads to the demo application, which is another origin than the page's.
    await openLogin(page, demo);
    await signInWithPassword(page, 'akadmin', 'correct horse');
    await page.waitForURL(demo.url.app);
    assert.equal((await claims(page)).preferred_username, 'akadmin');

    await page.goto(link);
    await choose('another password', 'another password');
    const used = await refusal(page, say);
    assert.ok(used.code);
    await screenshot('link used');
  }, { newcomer: true });
}

scenario('a wrong password and an unknown name are refused alike', async ({ demo, person }) => {
  for (const lang of languages) {
    const say = words[lang];
    const one = await person({ locale: locales[lang], allow: [/status of 400/] });
    const { page, screenshot } = one;
    const said = [];
    for (const username of [demo.admin.username, 'nobody']) {
      await openLogin(page, demo);
      await page.locator('input[name="uid_field"]').fill(username);
      await page.locator('input[name="uid_field"]').press('Enter');
      for (const tag of [words[lang === 'en' ? 'zh' : 'en'].html, say.html]) { // another language keeps the step
        await page.locator(`a[hreflang="${tag}"]`).click();
        assert.equal(await page.locator('html').getAttribute('lang'), tag);
      }
      await page.locator('input[name="password"]').fill('not the password');
      await page.locator('input[name="password"]').press('Enter');
      const alert = page.getByRole('alert');
      await alert.waitFor();
      said.push((await alert.innerText()).trim());
      await screenshot(`wrong ${username} ${lang}`);
    }
    assert.deepEqual(said, [say.wrongPassword, say.wrongPassword]);
    await openLogin(page, demo);
    await signInWithPassword(page, demo.admin.username, demo.admin.password);
    await page.waitForURL(demo.url.app);
  }
});

scenario('weimen rescue signs in while the server runs, once', async ({ demo, person }) => {
  for (const lang of languages) {
    const { page, screenshot } = await person({ locale: locales[lang], allow: [/status of 400/] });
    const link = /http\S+/.exec(await demo.run('rescue'))[0];
    await page.goto(link);
    await screenshot(`rescue ${lang}`);
    await page.locator('form button').click();
    await page.waitForURL(`${demo.url.weimen}if/user/`);
    await page.goto(link);
    await page.locator('form button').click();
    assert.ok((await refusal(page, words[lang])).code);
    await screenshot(`rescue used ${lang}`);
  }
});
