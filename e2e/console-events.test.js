// What went wrong, and how an administrator finds out why.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { openConsole, settled, visit } from './harness/console.js';
import { wechat } from './harness/control.js';
import { scenarioOnBoth } from './harness/scenario.js';
import { agree, enter, leave, openLogin, openQR, refusal } from './harness/steps.js';
import { words } from './harness/words.js';

/** Lets somebody fail to come in, and gives the support code that they read out to the administrator. */
async function failedSignIn({ page }, demo) {
  await wechat(demo)('POST', 'sim/faults', { endpoint: 'access_token', fault: { kind: 'errcode', errcode: 40125 } });
  await openLogin(page, demo);
  await openQR(page, demo);
  await agree(page, 'alice');
  await page.waitForURL(`${demo.url.weimen}source/oauth/callback/**`);
  return refusal(page, words.en);
}

scenarioOnBoth('a failed sign-in with WeChat is found by its support code', async ({ demo, person }) => {
  const stranger = await person({ allow: [/status of 4\d\d/] });
  await enter(stranger.page, demo, 'alice');
  await leave(stranger.page, demo);
  const { title, code } = await failedSignIn(stranger, demo);
  assert.match(code, /^\w{4}-\w{4}$/);

  const { page, screenshot } = await person({ allow: [/status of 404/] });
  await openConsole(page, demo);
  await page.getByRole('searchbox', { name: 'Find the sign-in of a support code' }).fill(code.replace('-', '').toLowerCase()); // as people read it out
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: `Sign-in ${code}` }).waitFor();
  const explained = page.getByRole('main').getByRole('alert');
  await explained.getByText(title, { exact: true }).waitFor(); // what the person read
  await explained.getByText('Who can fix it:').waitFor();
  await explained.getByText('What to do next:').waitFor();
  await page.getByRole('main').getByRole('heading', { name: 'What was recorded' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Sign-in failed' }).waitFor();
  await screenshot('story of a refusal');

  await visit(page, demo, 'traces/2222-2222');
  await page.getByText('Nothing is recorded under this support code').waitFor();
});

scenarioOnBoth('a sign-in is told step by step, failures by cause, and events as a table', async ({ demo, person }) => {
  const stranger = await person({ allow: [/status of 4\d\d/] });
  await enter(stranger.page, demo, 'alice');
  await leave(stranger.page, demo);
  const { title, code } = await failedSignIn(stranger, demo);
  const { page, screenshot } = await person();
  await openConsole(page, demo);

  const cause = page.getByRole('main').getByRole('button', { name: new RegExp(title) });
  await cause.click();
  await page.getByRole('link', { name: code }).waitFor();
  await screenshot('failures by cause');
  await page.getByRole('link', { name: 'All of these' }).click();
  await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
  await settled(page);
  assert.equal(await page.getByRole('link', { name: code, exact: true }).count(), 1);
  assert.deepEqual(await page.getByRole('link', { name: 'Sign-in failed' }).count(), 1);

  await visit(page, demo, 'events?actions=source_linked');
  await page.getByRole('table', { name: 'Events' }).getByRole('link', { name: /^\w{4}-\w{4}$/ }).first().click();
  await page.getByRole('heading', { level: 1, name: /^Sign-in / }).waitFor();
  await page.getByText('Nothing was refused under this code.').waitFor();
  const steps = page.getByRole('main').locator('section, .ant-card').filter({ has: page.getByRole('heading', { name: 'Step by step' }) });
  await steps.getByText('Property mapping').or(steps.getByText('Done')).first().waitFor();
  assert.ok(await steps.getByRole('listitem').count() > 2, 'the steps of an enrollment are more than two');
  await steps.getByRole('link', { name: 'default-source-enrollment' }).first().waitFor();
  await screenshot('story of an enrollment');

  await visit(page, demo, 'events');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export as CSV' }).click()]);
  assert.match(download.suggestedFilename(), /\.csv$/);
  const [header, ...rows] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.match(header, /^\ufeff?"action","created",/);
  assert.ok(rows.some((row) => row.includes(code)), 'the failure is in the table');
});
