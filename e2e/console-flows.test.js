// The flow editor, and trying mappings and policies out.

import assert from 'node:assert/strict';

import { agreeToDelete, choose, dialog, field, openConsole, settled, told, visit } from './harness/console.js';
import { api } from './harness/control.js';
import { makeFlow, makeStage } from './harness/flows.js';
import { scenario } from './harness/scenario.js';

/** The names of a flow's stages in their order, as the server has them. */
async function sequence(call, flow) {
  const { results } = await call('GET', `flows/bindings/?target=${flow}&ordering=order`);
  return results.map(({ stage_obj: stage }) => stage.name);
}

/** A flow of three stages. */
async function makeThree(call) {
  const stages = [];
  for (const name of ['first', 'second', 'third']) stages.push(await makeStage(call, 'dummy', { name }));
  return makeFlow(call, { slug: 'steps', title: 'Steps', designation: 'stage_configuration' }, stages);
}

scenario('a flow is drawn, extended and put in order', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  const call = api(demo);
  const flow = await makeThree(call);
  await page.setViewportSize({ width: 1280, height: 1300 }); // all of it is seen at once
  await openConsole(page, demo, 'flows/steps');
  const main = page.getByRole('main');
  await main.getByRole('button', { name: 'first', exact: true }).waitFor();

  // A new stage between two.
  await main.getByRole('button', { name: 'Add a stage before second' }).click();
  await dialog(page).getByRole('button', { name: /^Dummy Stage/ }).click();
  await field(dialog(page), 'Name').fill('between');
  await dialog(page).getByRole('button', { name: 'Create', exact: true }).click();
  await told(page, '“between” is in the flow');
  assert.deepEqual(await sequence(call, flow), ['first', 'between', 'second', 'third']);
  await main.getByRole('button', { name: 'between', exact: true }).waitFor();
  await screenshot('diagram');

  // By the keyboard, and back.
  const down = main.getByRole('button', { name: 'Move down: first' });
  await down.focus();
  await page.keyboard.press('Enter');
  await told(page, '“first” is number 2 now.');
  assert.deepEqual(await sequence(call, flow), ['between', 'first', 'second', 'third']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await told(page, 'As it was before');
  assert.deepEqual(await sequence(call, flow), ['first', 'between', 'second', 'third']);

  await main.getByRole('button', { name: 'Add a stage before first' }).waitFor();
  await screenshot('as it was before');

  // By the pointer: the last stage above the first one.
  const middle = async (name) => {
    const { x, y, width, height } = await main.getByRole('button', { name, exact: true }).boundingBox();
    return { x: x + width + 20, y: y + height }; // beside the name, which itself is no handle
  };
  const [grip, target] = [await middle('third'), await middle('first')];
  await page.mouse.move(grip.x, grip.y);
  await page.mouse.down();
  await page.mouse.move(grip.x, grip.y - 40, { steps: 5 });
  await page.mouse.move(target.x, target.y - 40, { steps: 10 });
  await screenshot('on its way');
  await page.mouse.up();
  await told(page, '“third” is number 1 now.');
  assert.deepEqual(await sequence(call, flow), ['third', 'first', 'between', 'second']);
  await screenshot('moved by hand');

  // As a list, for those who see no diagram.
  await main.getByText('List', { exact: true }).click();
  await main.getByRole('list', { name: 'Stages in their order' }).waitFor();
  await main.getByRole('button', { name: 'Move up: second' }).click();
  await told(page, '“second” is number 3 now.');
  assert.deepEqual(await sequence(call, flow), ['third', 'first', 'second', 'between']);

  await main.getByRole('button', { name: 'Actions for between' }).click();
  await page.getByRole('menuitem', { name: 'Take out of the flow' }).click();
  await agreeToDelete(page);
  await main.getByRole('button', { name: 'between', exact: true }).waitFor({ state: 'detached' });
  assert.deepEqual(await sequence(call, flow), ['third', 'first', 'second']);
});

scenario('a flow that somebody else put in order meanwhile is left as they left it', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  const call = api(demo);
  const flow = await makeThree(call);
  await openConsole(page, demo, 'flows/steps?view=list');
  const main = page.getByRole('main');
  const down = main.getByRole('button', { name: 'Move down: first' });
  await down.waitFor();
  const { results } = await call('GET', `flows/bindings/?target=${flow}&ordering=order`);
  const moved = async (order) => call('PATCH', `flows/bindings/${results[0].pk}/`, { order });
  await moved(100);
  await down.click();
  await told(page, 'Somebody else changed this flow meanwhile.');
  await screenshot('somebody else was faster');
  await main.getByRole('button', { name: 'Move down: second' }).waitFor();
  assert.deepEqual(await sequence(call, flow), ['second', 'third', 'first']);

  // What was done meanwhile is not undone either.
  await main.getByRole('button', { name: 'Move down: second' }).click();
  await told(page, '“second” is number 2 now.');
  const now = await call('GET', `flows/bindings/?target=${flow}&ordering=order`);
  for (const { pk, order } of now.results) await call('PATCH', `flows/bindings/${pk}/`, { order: order + 1000 });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.ant-message').getByText('Somebody else changed this flow meanwhile.').last().waitFor();
  assert.deepEqual(await sequence(call, flow), ['third', 'second', 'first']);
});

scenario('a stage of a flow is opened, and a policy bound before it', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  const call = api(demo);
  await makeThree(call);
  await call('POST', 'policies/expression/', { name: 'office-hours', expression: 'return True' });
  await openConsole(page, demo, 'flows/steps');
  const main = page.getByRole('main');
  await main.getByRole('button', { name: 'second', exact: true }).click();
  await field(dialog(page), 'Name').fill('the second');
  await screenshot('stage in a drawer');
  await dialog(page).getByRole('button', { name: 'Save', exact: true }).click();
  await told(page, 'Stage saved');
  await main.getByRole('button', { name: 'the second', exact: true }).click();
  assert.match(page.url(), /stage=/);
  await page.reload();
  await field(dialog(page), 'Name').fill('not to be kept');
  await page.evaluate(() => history.back()); // what was typed is asked about
  await dialog(page).getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.match(page.url(), /flows\/steps$/);
  await main.getByRole('button', { name: 'the second', exact: true }).click();
  await dialog(page).getByRole('tab', { name: 'Who meets it' }).click();
  await dialog(page).getByRole('button', { name: /Bind$/ }).click();
  await page.getByRole('menuitem', { name: 'Bind a policy' }).click();
  await choose(page, dialog(page), 'Policy', 'office-hours', { search: 'office' });
  await dialog(page).getByRole('button', { name: 'Create', exact: true }).click();
  await told(page, 'Binding saved');
  await screenshot('bound');
  await page.getByRole('row', { name: /office-hours/ }).waitFor();
  await page.keyboard.press('Escape');
  await main.getByRole('button', { name: 'Only if office-hours' }).waitFor();
  await screenshot('a gate before the stage');
});

/** Writes into the editor of expressions. */
async function write(page, text) {
  await page.locator('.cm-content').first().click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

scenario('a mapping is tried on a profile of WeChat', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  const { pk } = await api(demo)('POST', 'propertymappings/source/oauth/', { name: 'city', expression: 'return {}' });
  await openConsole(page, demo, `property-mappings/${pk}`);
  await write(page, 'return {"attributes": {"city": "Canton", "nick": info.get("nickname")}}');
  const trial = page.getByRole('region', { name: 'Try it' });
  await trial.getByRole('button', { name: /Save and try$/ }).click();
  await told(page, 'Saved');
  await trial.getByText('Before: the profile').waitFor();
  await trial.getByText(/"city": "Canton"/).waitFor();
  await screenshot('before and after');
  await write(page, 'return {"name": 1 / 0}');
  await trial.getByRole('button', { name: /Save and try$/ }).click();
  await trial.getByText('The expression failed').waitFor();
  await screenshot('failed');
});

scenario('a policy is tried on a person', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  const { pk } = await api(demo)('POST', 'policies/expression/', { name: 'not-ada', expression: 'return request.user.username != "akadmin"' });
  await openConsole(page, demo, `policies/${pk}`);
  const trial = page.getByRole('region', { name: 'Try it' });
  await trial.getByRole('button', { name: /Try$/ }).click();
  await trial.getByText('Does not pass').waitFor();
  await write(page, 'ak_message("welcome")\nreturn request.context.get("is_sso", False)');
  await choose(page, trial, 'Situation', 'Came back from WeChat');
  await trial.getByRole('button', { name: /Save and try$/ }).click();
  await trial.getByText('Passes', { exact: true }).waitFor();
  await trial.getByText('welcome').waitFor();
  await screenshot('passes');
  await visit(page, demo, `policies/${pk}?tab=bound`);
  await page.getByText('not bound').waitFor();
  await settled(page);
});
