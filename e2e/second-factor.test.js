// A second factor: set up in "my account", asked for after WeChat, and the printed codes for the day the phone is lost.

import assert from 'node:assert/strict';

import { code, nextCode } from './harness/codes.js';
import { api } from './harness/control.js';
import { bind, flowNamed, stageNamed } from './harness/flows.js';
import { assertLight, looker, weigh } from './harness/look.js';
import { scenario } from './harness/scenario.js';
import { agree, claims, enter, leave, openLogin, openQR } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

/** Has people who come from WeChat show the second factor that they have set up, before they are signed in. */
async function askAfterWeChat(call) {
  await bind(call, await flowNamed(call, 'default-source-authentication'), await stageNamed(call, 'default-authentication-mfa-validation'), -10);
}

/** Sets up an authenticator app in "my account" and gives its secret, and the code that was used for it. */
async function setUpApp({ page }, demo, say, see) {
  await page.goto(`${demo.url.weimen}if/user/`);
  await see('account before');
  await page.getByRole('link', { name: say.addApp }).click();
  const field = page.locator('input[name="code"]');
  await field.waitFor();
  const secret = await page.locator('.code code').textContent();
  await see('set up an app');
  await field.fill('000000');
  await field.press('Enter');
  await page.getByRole('alert').waitFor();
  await see('wrong code at the set-up');
  assert.equal(await page.locator('.code code').textContent(), secret, 'the picture that was scanned stays good');
  const used = code(secret);
  await field.fill(used);
  await field.press('Enter');
  await page.waitForURL(`${demo.url.weimen}if/user/`);
  await page.getByText(say.appDone).waitFor();
  return { secret, used };
}

/** Prints codes in "my account" and gives them. Whoever has an app shows it first. */
async function printCodes({ page }, demo, say, see, secret) {
  await page.goto(`${demo.url.weimen}if/user/`);
  await page.getByRole('link', { name: say.addCodes }).click();
  await page.locator('input[name="code"]').fill(nextCode(secret));
  await page.locator('input[name="code"]').press('Enter');
  await page.locator('.codes').waitFor();
  const codes = await page.locator('.codes code').allTextContents();
  assert.equal(new Set(codes).size, 6);
  await see('printed codes');
  await page.locator('form button.main').click();
  await page.waitForURL(`${demo.url.weimen}if/user/`);
  await see('account with both');
  return codes;
}

/** Comes from WeChat to where the code is asked for. */
async function comeFromWeChat({ page }, demo) {
  await openLogin(page, demo);
  await openQR(page, demo);
  await agree(page, 'xiaoming');
  await page.locator('input[name="code"]').waitFor();
}

for (const lang of languages) {
  for (const script of [true, false]) {
    scenario(`a second factor is asked for after WeChat (${lang}${script ? '' : ', without script'})`, async ({ demo, person }) => {
      await askAfterWeChat(api(demo));
      const say = words[lang];
      const one = await person({ locale: locales[lang], script, allow: [/status of 400/] });
      const { page } = one;
      const see = looker(one, lang, { script });
      const weights = weigh(one.context, demo.url.weimen);
      const { sub } = await enter(page, demo, 'xiaoming'); // nothing is set up, so nothing is asked
      const { secret, used } = await setUpApp(one, demo, say, see);
      await leave(page, demo);

      await comeFromWeChat(one, demo);
      await see('asked for a code');
      const field = page.locator('input[name="code"]');
      assert.equal(await page.evaluate(() => document.activeElement.name), 'code', 'the field is ready to type in');
      await field.fill(used); // a code is good once (RFC 6238 section 5.2)
      await field.press('Enter');
      await page.getByRole('alert').waitFor();
      await see('code used before');
      await field.fill(nextCode(secret));
      await field.press('Enter');
      await page.waitForURL(demo.url.app);
      assert.equal((await claims(page)).sub, sub);
      await assertLight(weights);
    });
  }

  const script = lang !== 'en';
  scenario(`a printed code takes the place of the phone, once (${lang}${script ? '' : ', without script'})`, async ({ demo, person }) => {
    await askAfterWeChat(api(demo));
    const say = words[lang];
    const one = await person({ locale: locales[lang], script, allow: [/status of 400/] });
    const { page } = one;
    const see = looker(one, lang, { script });
    const { sub } = await enter(page, demo, 'xiaoming');
    const { secret } = await setUpApp(one, demo, say, async () => {});
    const [first] = await printCodes(one, demo, say, see, secret);
    for (const [attempt, good] of [['first', true], ['second', false]]) {
      await leave(page, demo);
      await comeFromWeChat(one, demo);
      await see(`asked for the app or a printed code, ${attempt} time`);
      await page.getByRole('button', { name: say.printedCode }).click();
      await page.getByLabel(say.printedCode).fill(first);
      await see(`printed code, ${attempt} time`);
      await page.getByLabel(say.printedCode).press('Enter');
      if (!good) break;
      await page.waitForURL(demo.url.app);
      assert.equal((await claims(page)).sub, sub);
    }
    await page.getByRole('alert').waitFor();
    await see('printed code used before');
  });
}
