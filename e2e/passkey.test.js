// Passkeys, with the device that Chromium pretends.

import assert from 'node:assert/strict';

import { api } from './harness/control.js';
import { makeFlow, makeStage, stageNamed } from './harness/flows.js';
import { assertLight, looker, weigh } from './harness/look.js';
import { giveDevice } from './harness/passkeys.js';
import { scenario } from './harness/scenario.js';
import { claims, enter, leave, openLogin } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

/** Makes a passkey in "my account". */
async function makePasskey({ page, context }, demo, say, see) {
  const device = await giveDevice(context, page);
  await page.goto(`${demo.url.weimen}if/user/`);
  await page.getByRole('link', { name: say.addPasskey }).click();
  await page.getByRole('button', { name: say.makePasskey }).waitFor();
  await see('make a passkey');
  await page.getByRole('button', { name: say.makePasskey }).click();
  await page.waitForURL(`${demo.url.weimen}if/user/`);
  await page.getByText(say.passkeyDone).waitFor();
  assert.equal(await device.count(), 1);
  await see('account with a passkey');
  return device;
}

for (const lang of languages) {
  const say = words[lang];

  scenario(`a passkey takes the place of name and password on the login page (${lang})`, async ({ demo, person }) => {
    const call = api(demo);
    const identification = await stageNamed(call, 'default-authentication-identification');
    await call('PATCH', `stages/identification/${identification}/`, {
      webauthn_stage: await makeStage(call, 'authenticator/validate', { name: 'passkeys', device_classes: ['webauthn'], webauthn_user_verification: 'required' }),
    });
    const one = await person({ locale: locales[lang] });
    const { page } = one;
    const see = looker(one, lang);
    const weights = weigh(one.context, demo.url.weimen);
    const { sub } = await enter(page, demo, 'xiaoming');
    const device = await makePasskey(one, demo, say, see);

    await page.goto(`${demo.url.weimen}if/user/`);
    await page.getByRole('link', { name: say.addPasskey }).click();
    await page.locator('form button.main').click(); // whoever has a second factor shows it before adding another
    await page.getByRole('button', { name: say.makePasskey }).click();
    await page.getByText(say.passkeyKnown).waitFor();
    await see('this device has one already');
    assert.equal(await device.count(), 1);

    await leave(page, demo);
    await device.present(false); // or the browser would offer the passkey, and take it, while the page is looked at
    await openLogin(page, demo);
    await see('login with passkeys');
    await device.present(true);
    await page.getByRole('button', { name: say.withPasskey }).click();
    await page.waitForURL(demo.url.app);
    assert.equal((await claims(page)).sub, sub, 'a passkey that knows its holder is two factors, so no other is asked for');
    await assertLight(weights);
  }, { host: 'localhost' });

  scenario(`a flow of its own signs in with a passkey (${lang})`, async ({ demo, person }) => {
    const call = api(demo);
    const login = await stageNamed(call, 'default-authentication-login');
    const flow = await makeFlow(call, { slug: 'passwordless', title: 'Welcome', designation: 'authentication', authentication: 'none' }, [
      await makeStage(call, 'authenticator/validate', { name: 'passwordless', device_classes: ['webauthn'], not_configured_action: 'deny', webauthn_user_verification: 'required' }),
      login,
    ]);
    const identification = await stageNamed(call, 'default-authentication-identification');
    await call('PATCH', `stages/identification/${identification}/`, { passwordless_flow: flow });
    const one = await person({ locale: locales[lang] });
    const { page } = one;
    const see = looker(one, lang);
    const { sub } = await enter(page, demo, 'xiaoming');
    const device = await makePasskey(one, demo, say, async () => {});
    await leave(page, demo);

    await openLogin(page, demo);
    await see('login with a way without password');
    await page.getByRole('link', { name: say.withoutPassword }).click();
    await page.getByRole('button', { name: say.usePasskey }).waitFor();
    await see('use a passkey');
    await device.willing(false);
    await page.getByRole('button', { name: say.usePasskey }).click();
    await page.locator('[data-part="cancelled"]').waitFor();
    await see('passkey failed');
    await device.willing(true);
    await page.getByRole('button', { name: say.usePasskey }).click();
    await page.waitForURL(demo.url.app);
    assert.equal((await claims(page)).sub, sub);
  }, { host: 'localhost' });
}
