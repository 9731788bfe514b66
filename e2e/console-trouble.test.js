// When two write at once, when the session ends or the server is away, and when somebody leaves too early: nothing that was typed is lost.

import assert from 'node:assert/strict';

import { consoleURL, dialog, field, openConsole, settled, told, visit } from './harness/console.js';
import { api } from './harness/control.js';
import { phone } from './harness/browser.js';
import { scenario } from './harness/scenario.js';
import { signInWithPassword } from './harness/steps.js';

const save = (page) => page.getByRole('button', { name: 'Save', exact: true }).click();

/** Signs in anew in another window, as the console offers it. The question goes away by itself. */
async function signInAgain(page, context, demo) {
  await page.getByText('Your session has ended', { exact: true }).waitFor();
  const [second] = await Promise.all([context.waitForEvent('page'), page.getByText('Sign in again', { exact: true }).click()]);
  await signInWithPassword(second, demo.admin.username, demo.admin.password);
  await second.waitForURL(`${demo.url.weimen}if/user/`);
  await page.getByText('Your session has ended', { exact: true }).waitFor({ state: 'hidden' }); // it looks by itself
}

scenario('two administrators who change the same thing are told so', async ({ demo, person }) => {
  const call = api(demo);
  const { pk } = await call('POST', 'core/groups/', { name: 'gardeners' });
  const { page, screenshot } = await person({ allow: [/status of 412/] });
  await openConsole(page, demo, `groups/${pk}?tab=edit`);

  await field(page, 'Name').fill('mine');
  await call('PATCH', `core/groups/${pk}/`, { name: 'theirs' });
  await save(page);
  await dialog(page).getByText('Somebody else changed this meanwhile').waitFor();
  await dialog(page).getByRole('row', { name: /Name mine theirs/ }).waitFor();
  await screenshot('conflict');
  await dialog(page).getByRole('button', { name: 'Save mine' }).click();
  await page.getByRole('heading', { level: 1, name: 'mine' }).waitFor();
  assert.equal((await call('GET', `core/groups/${pk}/`)).name, 'mine');

  await visit(page, demo, `groups/${pk}?tab=edit`);
  await field(page, 'Name').fill('mine again');
  await call('PATCH', `core/groups/${pk}/`, { name: 'theirs again' });
  await save(page);
  await dialog(page).getByRole('button', { name: 'Take theirs' }).click();
  await page.getByRole('heading', { level: 1, name: 'theirs again' }).waitFor();
  assert.equal(await field(page, 'Name').inputValue(), 'theirs again');
});

scenario('a name that is taken is said at its field', async ({ demo, person }) => {
  const { page, screenshot } = await person({ allow: [/status of 400/] });
  await openConsole(page, demo, 'groups');
  await page.getByRole('button', { name: /New group$/ }).first().click();
  await field(dialog(page), 'Name').fill('authentik Admins');
  await dialog(page).getByRole('button', { name: 'Create', exact: true }).click();
  await dialog(page).locator('[data-field="name"]').getByRole('alert').waitFor();
  assert.equal(await field(dialog(page), 'Name').getAttribute('aria-invalid'), 'true');
  await screenshot('name is taken');
  await page.keyboard.press('Escape');
  await dialog(page).getByText('What you typed in this form is not saved.').waitFor();
  await dialog(page).getByRole('button', { name: 'Discard', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await visit(page, demo, 'applications/new');
  await page.getByRole('button', { name: /^Another application/ }).click();
  await field(page, 'Name').fill('Demo');
  await field(page, 'Redirect URIs').fill('https://demo.example.com/callback');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Another application has this slug.').waitFor();
  assert.equal(await field(page, 'Slug').getAttribute('aria-invalid'), 'true');
});

scenario('what was typed and not saved is asked about before it is left', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  await openConsole(page, demo, 'users/1?tab=edit');
  await field(page, 'Name').fill('Somebody else');
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await page.getByText('Leave without saving?').waitFor();
  await screenshot('leave without saving');
  await dialog(page).getByRole('button', { name: 'Stay' }).click();
  assert.equal(await field(page, 'Name').inputValue(), 'Somebody else');
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('heading', { level: 1, name: 'Groups' }).waitFor();
});

scenario('what was typed stands there after a look at another tab', async ({ demo, person }) => {
  const call = api(demo);
  const { pk } = await call('POST', 'propertymappings/source/oauth/', { name: 'city', expression: 'return {}' });
  const { results: [provider] } = await call('GET', 'providers/oauth2/');
  const { page } = await person();
  page.on('dialog', (leaving) => leaving.accept()); // the browser's own question, as each page is left with what was typed
  const tab = async (name) => {
    await page.getByRole('main').getByRole('tab', { name, exact: true }).click();
    await settled(page);
  };
  await openConsole(page, demo, 'users/1?tab=edit');
  for (const [path, form, other] of [
    ['users/1?tab=edit', 'Edit', 'Groups'], ['applications/demo?tab=edit', 'Edit', 'Access'], [`providers/${provider.pk}?tab=edit`, 'Edit', 'Overview'],
    [`property-mappings/${pk}`, 'Settings', 'Used by'], ['flows/default-authentication-flow?tab=settings', 'Settings', 'Policies'],
  ]) {
    await visit(page, demo, path);
    await field(page, 'Name').fill('Somebody else');
    await tab(other);
    await tab(form);
    assert.equal(await field(page, 'Name').inputValue(), 'Somebody else', path);
  }

  // Whoever cancels finds the form as the user is.
  await visit(page, demo, 'users/1?tab=edit');
  await field(page, 'Name').fill('Somebody else');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await tab('Edit');
  assert.notEqual(await field(page, 'Name').inputValue(), 'Somebody else');
});

scenario('two administrators who change the same source are told so', async ({ demo, person }) => {
  const call = api(demo);
  const { page, screenshot } = await person({ allow: [/status of 412/] });
  await openConsole(page, demo, 'sources/wechat?tab=button');
  await field(page, 'Name').fill('mine');
  await call('PATCH', 'sources/oauth/wechat/', { name: 'theirs' });
  await page.getByRole('main').getByRole('tab', { name: 'Set up', exact: true }).click();
  await page.getByRole('main').getByRole('tab', { name: /^Button/ }).click();
  assert.equal(await field(page, 'Name').inputValue(), 'mine');
  await save(page);
  await dialog(page).getByRole('row', { name: /Name mine theirs/ }).waitFor();
  await screenshot('conflict over a source');
  await dialog(page).getByRole('button', { name: 'Save mine' }).click();
  await page.getByRole('heading', { level: 1, name: 'mine' }).waitFor();
  assert.equal((await call('GET', 'sources/oauth/wechat/')).name, 'mine');
});

scenario('an ended session loses nothing that was typed', async ({ demo, person }) => {
  const one = await person({ allow: [/status of 40[13]/] });
  const { page, context, screenshot } = one;
  await openConsole(page, demo, 'groups');
  await page.getByRole('button', { name: /New group$/ }).first().click();
  await field(dialog(page), 'Name').fill('gardeners');
  await context.clearCookies();
  await dialog(page).getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('Your session has ended', { exact: true }).waitFor();
  await screenshot('session has ended');
  await signInAgain(page, context, demo);
  assert.equal(await field(dialog(page), 'Name').inputValue(), 'gardeners');
  await dialog(page).getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'gardeners' }).waitFor();
});

scenario('a session that ends over a new WeChat source loses nothing that was typed', async ({ demo, person }) => {
  const { page, context } = await person({ allow: [/status of 40[13]/] });
  await openConsole(page, demo, 'sources/new');
  await page.getByRole('link', { name: /^WeChat/ }).first().click();
  const appID = 'wx0123456789abcdef';
  const secret = '0123456789abcdef0123456789abcdef';
  await page.getByRole('textbox', { name: 'AppID' }).fill(appID);
  await page.getByLabel('AppSecret').fill(secret);
  await field(page, 'Name').fill('WeChat of the garden');
  await context.clearCookies();
  const add = page.getByRole('button', { name: 'Add WeChat', exact: true });
  await add.click();
  await signInAgain(page, context, demo);
  assert.equal(await page.getByRole('textbox', { name: 'AppID' }).inputValue(), appID);
  assert.equal(await page.getByLabel('AppSecret').inputValue(), secret);
  assert.equal(await field(page, 'Name').inputValue(), 'WeChat of the garden');
  await add.click();
  await page.getByRole('heading', { level: 1, name: 'WeChat of the garden' }).waitFor();
});

scenario('a lost server loses nothing that was typed', async ({ demo, person }) => {
  const { page, screenshot } = await person({ allow: [/net::ERR_/] });
  await openConsole(page, demo, 'users/1?tab=edit');
  await field(page, 'Name').fill('Ada');
  await page.route('**/api/v3/**', (route) => route.abort('connectionrefused'));
  await save(page);
  await page.getByText('Not saved: the server could not be reached.', { exact: false }).waitFor();
  await page.getByText('The server cannot be reached. What you typed is kept; trying again …').waitFor();
  await screenshot('server is away');
  await page.unroute('**/api/v3/**');
  await page.getByText('The server cannot be reached. What you typed is kept; trying again …').waitFor({ state: 'hidden' });
  assert.equal(await field(page, 'Name').inputValue(), 'Ada');
  await save(page);
  await page.getByRole('heading', { level: 1, name: 'Ada' }).waitFor();
});

scenario('the console changes its language and its look', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  await openConsole(page, demo, 'users');
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitem', { name: '简体中文' }).click();
  await page.getByRole('heading', { level: 1, name: '用户' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
  await page.getByRole('button', { name: '外观' }).click();
  await page.getByRole('menuitem', { name: '深色' }).click();
  const html = page.locator('html');
  assert.equal(await html.getAttribute('data-scheme'), 'dark');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '用户' }).waitFor(); // both are remembered
  assert.equal(await html.getAttribute('data-scheme'), 'dark');
  await screenshot('dark and Chinese');
});

scenario('the console is used by the keyboard alone', async ({ demo, person }) => {
  const { page } = await person();
  await openConsole(page, demo);
  await page.goto(consoleURL(demo, 'users'));
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('main') !== null), true, 'the skip link leads into the page');
  await page.keyboard.press('Enter'); // the first button of the page opens its drawer
  await field(dialog(page), 'Username').waitFor();
  await page.waitForFunction(() => document.activeElement.closest('.ant-drawer')); // which has the focus
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.match(await page.evaluate(() => document.activeElement.textContent), /New user/, 'the focus is back where it was');

  await page.setViewportSize(phone);
  await page.getByRole('button', { name: 'Open the menu' }).focus();
  await page.keyboard.press('Enter');
  const menu = dialog(page);
  await menu.getByRole('link', { name: 'Groups', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Groups' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});
