// Each place of the console: what can be made, changed and deleted there, as an administrator does it.

import assert from 'node:assert/strict';

import { act, agreeToDelete, choose, dialog, field, openConsole, settled, told, visit } from './harness/console.js';
import { api } from './harness/control.js';
import { scenarioOnBoth } from './harness/scenario.js';

/** Makes something in the drawer that stands open: fills the fields by their labels. */
async function create(page, values, { button = 'Create' } = {}) {
  const form = dialog(page);
  for (const [label, value] of Object.entries(values)) await field(form, label).fill(value);
  await form.getByRole('button', { name: button, exact: true }).click();
}

/** Opens a tab of a page. */
async function tab(page, name) {
  await page.getByRole('main').getByRole('tab', { name, exact: true }).click();
  await settled(page);
}

const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

/** Presses a button of the page; the icon before its words has a name of its own. */
const press = (page, name) => page.getByRole('main').getByRole('button', { name: new RegExp(`(^| )${name}$`) }).first().click();

/** Waits until a list has a row of that name, or has none any more. */
const listed = (page, name, state = 'visible') => page.getByRole('main').getByRole('button', { name: `Actions for ${name}`, exact: true }).waitFor({ state });

scenarioOnBoth('the console adds applications with their providers, changes and deletes them', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  const call = api(demo);
  await call('POST', 'core/groups/', { name: 'gardeners' });
  await openConsole(page, demo, 'applications');
  await press(page, 'Add an application');
  await page.getByRole('searchbox', { name: 'Search for a product' }).fill('gitea');
  await page.getByRole('button', { name: /^Gitea/ }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('alert').first().waitFor(); // an address is missing
  await field(page, 'Address').fill('https://git.example.com');
  await page.getByText('https://git.example.com/user/oauth2/').first().waitFor(); // what follows from it
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: 'Only some' }).check();
  await choose(page, page, 'Members of these groups', 'gardeners', { search: 'garden' });
  await screenshot('who may use it');
  await page.getByRole('button', { name: 'Add the application' }).click();
  await page.getByText('Gitea is added').waitFor();
  await screenshot('made');
  await page.getByRole('button', { name: 'To the application' }).click();
  await heading(page, 'Gitea');

  await tab(page, 'Access');
  await page.getByRole('main').getByRole('row', { name: /gardeners/ }).waitFor();
  await tab(page, 'Edit');
  await field(page, 'Name').fill('Forge');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await heading(page, 'Forge');

  await visit(page, demo, 'providers');
  await page.getByRole('link', { name: 'Gitea', exact: true }).click();
  await tab(page, 'Edit');
  await field(page, 'Name').fill('Forge provider');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await heading(page, 'Forge provider');
  await press(page, 'Delete');
  await dialog(page).getByRole('listitem').filter({ hasText: /^Forge/ }).waitFor(); // who depends on it
  await screenshot('provider is used');
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();

  await visit(page, demo, 'applications');
  await act(page, 'Forge', 'Delete');
  await agreeToDelete(page, { typed: 'Forge' }); // its binding goes with it
  await listed(page, 'Forge', 'hidden');
  await visit(page, demo, 'providers');
  await act(page, 'Forge provider', 'Delete');
  await agreeToDelete(page);
  await listed(page, 'Forge provider', 'hidden');
  assert.equal((await call('GET', 'providers/all/')).results.length, 1);

  await press(page, 'Add a provider');
  const form = dialog(page);
  await field(form, 'Name').fill('by hand');
  await choose(page, form, 'Authorization flow', /provider-authorization-implicit/);
  await choose(page, form, 'Sign-out flow', /provider-invalidation/);
  await screenshot('new provider');
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await heading(page, 'by hand');
});

scenarioOnBoth('the console looks after users, groups, tokens and invitations', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  await openConsole(page, demo, 'users');
  await press(page, 'New user');
  await create(page, { Username: 'ada', Name: 'Ada Lovelace', 'E-mail': 'ada@example.com' });
  await heading(page, 'Ada Lovelace');
  await screenshot('new user');

  await visit(page, demo, 'groups');
  await press(page, 'New group');
  await create(page, { Name: 'engineers' });
  await heading(page, 'engineers');
  await tab(page, 'Members');
  await choose(page, page, 'Choose people', 'ada', { search: 'ada' });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await told(page, '1 person was added.');
  await listed(page, 'Ada Lovelace');
  await screenshot('members');

  await visit(page, demo, 'users?search=ada');
  // From the list one is asked once for all that is selected, and a no leaves everything as it was.
  await page.getByRole('checkbox', { name: 'Select Ada Lovelace' }).check();
  const selected = page.getByRole('region', { name: '1 selected' });
  for (const answer of ['Cancel', 'Deactivate']) {
    await selected.getByRole('button', { name: 'Deactivate' }).click();
    await dialog(page).getByText('Deactivate Ada Lovelace?').last().waitFor();
    await dialog(page).getByRole('button', { name: answer }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await selected.waitFor({ state: answer === 'Cancel' ? 'visible' : 'hidden' });
  }
  await page.getByRole('main').getByText('Deactivated', { exact: true }).waitFor();
  await page.getByRole('checkbox', { name: 'Select Ada Lovelace' }).check();
  await selected.getByRole('button', { name: /Activate$/ }).click();
  await page.getByRole('main').getByText('Deactivated', { exact: true }).waitFor({ state: 'hidden' });
  await page.getByRole('link', { name: /Ada Lovelace/ }).click();
  await tab(page, 'Groups');
  await page.getByRole('tabpanel').getByRole('link', { name: 'engineers' }).waitFor();
  await tab(page, 'Edit');
  await field(page, 'Name').fill('Augusta Ada King');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await heading(page, 'Augusta Ada King');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await dialog(page).getByRole('button', { name: 'Deactivate' }).click();
  await page.getByText('This user is deactivated').waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await agreeToDelete(page, { typed: 'ada' });
  await heading(page, 'Users');
  await listed(page, 'Augusta Ada King', 'hidden');

  await visit(page, demo, 'groups');
  await act(page, 'engineers', 'Delete');
  await agreeToDelete(page);
  await listed(page, 'engineers', 'hidden');

  await visit(page, demo, 'tokens');
  await press(page, 'New token');
  await create(page, { Name: 'deploy', Description: 'for the pipeline' });
  await dialog(page).getByText('The token was made').first().waitFor();
  const key = await field(dialog(page), 'Key').inputValue();
  const answer = await fetch(`${demo.url.weimen}api/v3/core/users/me/`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal(answer.status, 200, 'the key that was shown opens the API');
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await act(page, 'deploy', 'Edit');
  await create(page, { Description: 'for nobody' }, { button: 'Save' });
  await page.getByRole('cell', { name: 'for nobody' }).waitFor();
  await act(page, 'deploy', 'Revoke');
  await agreeToDelete(page);
  await listed(page, 'deploy', 'hidden');

  await visit(page, demo, 'invitations');
  await press(page, 'New invitation');
  await create(page, { Name: 'zhang-san' });
  await heading(page, 'zhang-san');
  await screenshot('invitation');
  await visit(page, demo, 'invitations');
  await act(page, 'zhang-san', 'Withdraw');
  await agreeToDelete(page);
  await page.getByText('No open invitations').waitFor();
});

scenarioOnBoth('the console looks after stages, fields, policies, mappings and flows', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  await openConsole(page, demo, 'prompts');
  await press(page, 'New field');
  await field(dialog(page), 'Name').fill('ask-city');
  await field(dialog(page), 'Kept as').fill('attributes.city');
  await field(dialog(page), 'Label').fill('City');
  await choose(page, dialog(page), 'Type', 'Text');
  await create(page, {});
  await heading(page, 'ask-city');
  await screenshot('field');

  await visit(page, demo, 'stages');
  await press(page, 'New stage');
  await dialog(page).getByRole('button', { name: /^Prompt Stage/ }).click();
  await field(dialog(page), 'Name').fill('ask-where');
  await choose(page, dialog(page), 'Fields', 'ask-city', { search: 'ask' });
  await create(page, {});
  await heading(page, 'ask-where');

  await visit(page, demo, 'policies');
  await press(page, 'New policy');
  await dialog(page).getByRole('button', { name: /^Password Expiry Policy/ }).click();
  await create(page, { Name: 'old-passwords', 'Valid for (days)': '90' });
  await heading(page, 'old-passwords');

  await visit(page, demo, 'property-mappings');
  await press(page, 'New mapping');
  await dialog(page).getByRole('button', { name: /^Scope Mapping/ }).click();
  await field(dialog(page), 'Name').fill('city');
  await field(dialog(page), 'Scope').fill('city');
  await dialog(page).locator('.cm-content').click();
  await page.keyboard.insertText('return {"city": request.user.attributes.get("city")}');
  await create(page, {});
  await heading(page, 'city');
  await screenshot('mapping');

  await visit(page, demo, 'flows');
  await press(page, 'New flow');
  await field(dialog(page), 'Name').fill('Where are you');
  assert.equal(await field(dialog(page), 'Slug').inputValue(), 'where-are-you'); // follows the name
  await field(dialog(page), 'Heading').fill('Where are you?');
  await choose(page, dialog(page), 'What for', 'Set something up');
  await create(page, {});
  await heading(page, 'Where are you');
  await page.getByRole('button', { name: 'Add a stage' }).first().click();
  await dialog(page).getByText('One that is there already').click();
  await field(dialog(page), 'Find a stage').fill('ask-where');
  await dialog(page).getByRole('button', { name: 'Add ask-where' }).click();
  await told(page, '“ask-where” is in the flow');
  await screenshot('flow');

  // What is used is said before it goes.
  await visit(page, demo, 'stages?search=ask-where');
  await act(page, 'ask-where', 'Delete stage');
  await dialog(page).getByText('1 object depends on it').waitFor();
  await screenshot('stage is used');
  await agreeToDelete(page, { typed: 'ask-where' });
  await page.getByText('Nothing matches').waitFor();
  await visit(page, demo, 'flows?search=where');
  await act(page, 'Where are you', 'Delete flow');
  await agreeToDelete(page);
  for (const [place, name, what] of [['prompts', 'ask-city', 'field'], ['policies', 'old-passwords', 'policy'], ['property-mappings', 'city', 'mapping']]) {
    await visit(page, demo, `${place}?search=${name}`);
    await act(page, name, `Delete ${what}`);
    await agreeToDelete(page);
    await page.getByText('Nothing matches').waitFor();
  }
});

scenarioOnBoth('the console looks after sources, brands, certificates and settings', async ({ demo, person }) => {
  const { page, screenshot } = await person();
  const call = api(demo);
  await openConsole(page, demo, 'sources');
  await press(page, 'Add a source');
  await page.getByRole('link', { name: /^GitHub/ }).click();
  await field(page, 'Name').fill('Octocat');
  await field(page, 'Client ID').fill('Iv1.0123456789abcdef');
  await field(page, 'Client secret').fill('0123456789abcdef0123456789abcdef01234567');
  assert.equal(await field(page, 'Callback address').inputValue(), `${demo.url.weimen}source/oauth/callback/github/`);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await heading(page, 'Octocat');
  await screenshot('source');
  await visit(page, demo, 'sources');
  await act(page, 'Octocat', 'Delete');
  await agreeToDelete(page);
  await listed(page, 'Octocat', 'hidden');

  await visit(page, demo, 'brands');
  await press(page, 'Add brand');
  await heading(page, 'Add brand');
  await page.frameLocator('iframe').getByText('Weimen').first().waitFor(); // before anything is typed
  assert.equal(await field(page, 'Title').inputValue(), 'Weimen');
  await field(page, 'Domain').fill('id.example.com');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await heading(page, 'id.example.com');
  await field(page, 'Title').fill('Example Gate');
  await page.frameLocator('iframe').getByText('Example Gate').first().waitFor(); // before it is saved
  await screenshot('brand');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Save', exact: true, disabled: true }).waitFor(); // it was told of the new one too that it is saved
  await visit(page, demo, 'brands');
  await page.getByRole('cell', { name: 'Example Gate' }).waitFor();
  await act(page, 'id.example.com', 'Delete');
  await agreeToDelete(page);
  await listed(page, 'id.example.com', 'hidden');

  await visit(page, demo, 'certificates');
  await press(page, 'Generate');
  await field(dialog(page), 'Common name').fill('signing-2027');
  await dialog(page).getByRole('radio', { name: 'ECDSA' }).check();
  await create(page, {});
  await listed(page, 'signing-2027');
  await act(page, 'signing-2027', 'View certificate');
  assert.match(await dialog(page).getByRole('textbox').inputValue(), /^-----BEGIN CERTIFICATE-----/);
  await page.keyboard.press('Escape');
  await act(page, 'signing-2027', 'Delete');
  await agreeToDelete(page);
  await listed(page, 'signing-2027', 'hidden');

  await visit(page, demo, 'settings');
  await field(page, 'Length of tokens').fill('80');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await told(page, 'Saved');
  assert.equal((await call('GET', 'admin/settings/')).default_token_length, 80);

  await visit(page, demo, 'brands');
  await act(page, 'authentik-default', 'Delete');
  await agreeToDelete(page, { typed: 'authentik-default' });
  await listed(page, 'authentik-default', 'hidden');
  await visit(page, demo, 'sources/wechat?tab=button'); // pages hold without any brand
  await page.frameLocator('iframe').getByText('Weimen').first().waitFor();
});
