// How somebody new comes in: with WeChat and an address that is verified, and with an invitation.

import assert from 'node:assert/strict';

import { api } from './harness/control.js';
import { flowNamed, makeFlow, makePrompt, makeStage } from './harness/flows.js';
import { assertLight, looker, seeLetter, weigh } from './harness/look.js';
import { scenario } from './harness/scenario.js';
import { agree, claims, enter, leave, openLogin, openQR, refusal } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

/** Lets whoever comes from WeChat for the first time give an address, and show that it is theirs. */
async function askForAddress(call) {
  const enrollment = await makeFlow(call, { slug: 'welcome', title: 'Welcome', designation: 'enrollment' }, [
    await makePrompt(call, 'welcome', [{ field_key: 'email', label: 'Email', type: 'email', placeholder: 'Email' }]),
    await makeStage(call, 'email', { name: 'welcome-letter', use_global_settings: true, template: 'email/account_confirmation.html' }),
    await makeStage(call, 'user_write', { name: 'welcome-write', user_creation_mode: 'always_create' }),
    await makeStage(call, 'user_login', { name: 'welcome-login' }),
  ]);
  await call('PATCH', 'sources/oauth/wechat/', { enrollment_flow: enrollment });
}

for (const lang of languages) {
  for (const script of [true, false]) {
    scenario(`a newcomer from WeChat verifies an address (${lang}${script ? '' : ', without script'})`, async ({ demo, person, letters }) => {
      await askForAddress(api(demo));
      const say = words[lang];
      const one = await person({ locale: locales[lang], script, allow: [/status of 400/] });
      const { page } = one;
      const see = looker(one, lang, { script });
      const weights = weigh(one.context, demo.url.weimen);
      await openLogin(page, demo);
      await openQR(page, demo);
      await agree(page, 'xiaoming');
      await page.locator('input[name="email"]').waitFor();
      await see('asked for an address');
      await page.locator('input[name="email"]').fill('nobody@nowhere');
      await page.locator('main form button').click();
      await page.getByRole('alert').waitFor();
      await see('no address');
      await page.locator('input[name="email"]').fill('Xiaoming@Example.org');
      await page.locator('main form button').click();
      await page.getByRole('heading', { name: say.lookForLetter }).waitFor();
      await see('letter sent');

      const first = await letters.to('Xiaoming@Example.org');
      assert.match(first.subject, say.confirmAddress);
      assert.equal(await signedIn(one, demo), false, 'nobody is in before the address is verified');
      await page.locator('main form button').click(); // once more: from now on the newer letter alone is good
      await page.getByText(say.sentAgain).waitFor();
      await see('letter sent again');
      const { link, html } = await letters.to('Xiaoming@Example.org');
      assert.notEqual(link, first.link);
      if (script) await seeLetter(one, lang, html);

      await page.goto(link);
      await page.waitForURL(demo.url.app);
      const told = await claims(page);
      assert.deepEqual([told.email, told.email_verified, told.name], ['Xiaoming@Example.org', say.yes, '李小明']);

      await leave(page, demo);
      const again = await enter(page, demo, 'xiaoming');
      assert.deepEqual([again.sub, again.email_verified], [told.sub, say.yes], 'the second time nothing is asked');
      await assertLight(weights);
    }, { letters: true });
  }
}

/** Whether a browser is signed in, asked in a tab of its own. */
async function signedIn({ context }, demo) {
  const tab = await context.newPage();
  await tab.goto(`${demo.url.weimen}if/user/`);
  const here = new URL(tab.url()).pathname === '/if/user/';
  await tab.close();
  return here;
}

for (const lang of languages) {
  for (const script of [true, false]) {
    scenario(`somebody who is invited makes an account (${lang}${script ? '' : ', without script'})`, async ({ demo, person }) => {
      const call = api(demo);
      const { pk } = await call('POST', 'stages/invitation/invitations/', {
        name: 'party', single_use: true, flow: await flowNamed(call, 'default-enrollment-flow'), fixed_data: { name: '王小华', email: 'guest@example.org' },
      });
      const say = words[lang];
      const one = await person({ locale: locales[lang], script, allow: [/status of 4\d\d/] });
      const { page } = one;
      const see = looker(one, lang, { script });
      const address = `${demo.url.weimen}if/flow/default-enrollment-flow/`;
      await page.goto(address);
      assert.ok((await refusal(page, say)).code);
      await see('not invited');
      await page.goto(`${address}?itoken=${pk}`);
      assert.equal(await page.locator('input[name="name"]').inputValue(), '王小华');
      await see('invited');
      const fill = async (values) => {
        for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(value);
        await page.locator('main form button.main').click();
      };
      await fill({ username: demo.admin.username, password: 'correct horse battery', password_repeat: 'correct horse battery' });
      await page.getByText(say.usernameTaken).waitFor();
      await see('name taken');
      await fill({ username: 'xiaohua', password: 'correct horse battery', password_repeat: 'correct house battery' });
      await page.getByText(say.different).waitFor();
      await fill({ username: 'xiaohua', password: 'password', password_repeat: 'password' });
      await page.getByRole('alert').waitFor();
      await see('password too weak');
      await fill({ username: 'xiaohua', password: 'correct horse battery', password_repeat: 'correct horse battery' });
      await page.waitForURL(`${demo.url.weimen}if/user/`);
      assert.equal(await page.locator('h1').innerText(), '王小华');

      const other = await person({ locale: locales[lang], allow: [/status of 4\d\d/] });
      await other.page.goto(`${address}?itoken=${pk}`);
      await refusal(other.page, say);
      await looker(other, lang)('invitation used');
    });
  }
}
