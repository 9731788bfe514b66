// WeChat in the middle of an application's authorization flow.

import assert from 'node:assert/strict';

import { api } from './harness/control.js';
import { makeFlow, makePrompt, makeStage } from './harness/flows.js';
import { looker } from './harness/look.js';
import { scenario } from './harness/scenario.js';
import { agree, claims, enter, openLogin, signInWithPassword } from './harness/steps.js';
import { languages, locales, words } from './harness/words.js';

/** Has the demo application's people confirm with WeChat, and answer a question before that, each time they go there. */
async function askForWeChat(call) {
  const { pk: source } = await call('GET', 'sources/oauth/wechat/');
  const flow = await makeFlow(call, { slug: 'confirm', title: 'Welcome', designation: 'authorization', authentication: 'require_authenticated' }, [
    await makePrompt(call, 'reason', [{ field_key: 'full_name', label: 'Full name' }]),
    await makeStage(call, 'source', { name: 'confirm-wechat', source }),
  ]);
  const { results: [provider] } = await call('GET', 'providers/oauth2/');
  await call('PATCH', `providers/oauth2/${provider.pk}/`, { authorization_flow: flow });
}

/** From the demo application to Weimen's page that sends on to WeChat. */
async function toTheStage(page, demo) {
  await page.goto(`${demo.url.app}login`);
  await page.locator('input[name="full_name"]').fill('李小明');
  await page.locator('main form button').click();
  await page.locator('main a.button.main').waitFor();
}

const toWeChat = (page, demo) => Promise.all([page.waitForURL(`${demo.url.wechat}**`), page.locator('main a.button.main').click()]);

for (const lang of languages) {
  scenario(`an application is entered by way of WeChat, in two tabs at once (${lang})`, async ({ demo, person }) => {
    const one = await person({ locale: locales[lang] });
    const { page } = one;
    const see = looker(one, lang);
    const { sub } = await enter(page, demo, 'xiaoming');
    await askForWeChat(api(demo));

    const second = await one.context.newPage();
    await toTheStage(page, demo);
    await see('on the way to WeChat');
    await toTheStage(second, demo);
    await toWeChat(page, demo);
    await toWeChat(second, demo);
    for (const tab of [second, page]) {
      await agree(tab, 'xiaoming');
      await tab.waitForURL(demo.url.app);
      assert.equal((await claims(tab)).sub, sub);
    }
  });
}

scenario('somebody else’s WeChat does not pass the stage', async ({ demo, person }) => {
  await enter((await person()).page, demo, 'alice');
  for (const lang of languages) {
    const one = await person({ locale: locales[lang], allow: [/status of 4\d\d/] });
    if (lang === 'en') await enter(one.page, demo, 'xiaoming');
    else {
      await openLogin(one.page, demo);
      await signInWithPassword(one.page, demo.admin.username, demo.admin.password);
      await one.page.waitForURL(`${demo.url.weimen}**`);
    }
    if (lang === 'en') await askForWeChat(api(demo));
    await toTheStage(one.page, demo);
    await toWeChat(one.page, demo);
    await agree(one.page, 'alice');
    await one.page.getByText(words[lang].who).waitFor();
    await looker(one, lang)('the WeChat of somebody else');
    await one.page.goto(`${demo.url.weimen}if/user/`);
    assert.notEqual(await one.page.locator('h1').innerText(), 'Alice Martin', 'nobody switched accounts');
  }
});
