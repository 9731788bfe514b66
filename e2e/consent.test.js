// An application that needs the person's word.

import assert from 'node:assert/strict';

import { api } from './harness/control.js';
import { scenario } from './harness/scenario.js';
import { agree, claims, openLogin, openQR } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

scenario('an application asks for consent: denied, then allowed', async ({ demo, person }) => {
  const call = api(demo);
  const [provider] = (await call('GET', 'providers/oauth2/')).results;
  const { pk } = await call('GET', 'flows/instances/default-provider-authorization-explicit-consent/');
  await call('PATCH', `providers/oauth2/${provider.pk}/`, { authorization_flow: pk });
  for (const lang of languages) {
    const say = words[lang];
    const { page, screenshot } = await person({ locale: locales[lang], allow: [/status of 403/] });
    await openLogin(page, demo);
    await openQR(page, demo);
    await agree(page, lang === 'en' ? 'alice' : 'xiaoming');
    await page.waitForURL(`${demo.url.weimen}**`);
    await page.getByRole('button', { name: say.deny }).waitFor();
    await screenshot(`consent ${lang}`);
    await page.getByRole('button', { name: say.deny }).click();
    await page.waitForURL(`${demo.url.app}callback**`);
    assert.match(await page.locator('main').innerText(), /access_denied/);
    await screenshot(`denied ${lang}`);

    await page.goto(`${demo.url.app}login`);
    await page.getByRole('button', { name: say.allow, exact: true }).click();
    await page.waitForURL(demo.url.app);
    assert.ok((await claims(page)).sub);

    await page.goto(`${demo.url.app}login`); // it is not asked again
    await page.waitForURL(demo.url.app);
  }
});
