import { useQueryClient } from '@tanstack/react-query';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';

import { makeField, makeForm } from '../../../form';
import { answering, drawn } from '../../../form/testing';
import type { Binding, Flow } from '../data';
import { StageDrawer } from './StageDrawer';

const stage = { pk: 's', name: 'ask', component: 'ak-stage-dummy-form', verbose_name: 'Dummy Stage', meta_model_name: 'authentik_stages_dummy.dummystage', flow_set: [] };
const binding = { pk: 'b', policybindingmodel_ptr_id: 'p', target: 'f', stage: 's', stage_obj: stage, order: 10, evaluate_on_plan: false, re_evaluate_policies: true, policy_engine_mode: 'any', invalid_response_action: 'retry' } as Binding;
const forms = [
  makeForm({ path: 'stages/dummy', key: 'pk', ref: 'stage', schema: 'DummyStage', model: stage.meta_model_name, component: stage.component, verbose_name: 'Dummy Stage', fields: [makeField({ name: 'name', title: 'Name', type: 'string' })] }),
  makeForm({ path: 'flows/bindings', key: 'pk', model: 'authentik_flows.flowstagebinding', schema: 'FlowStageBinding', verbose_name: 'binding', fields: [makeField({ name: 'order', title: 'Order', type: 'integer' })] }),
];

function Again() {
  const client = useQueryClient();
  return <button onClick={() => void client.invalidateQueries()}>read anew</button>;
}

it.each([['stage', 'Name', 'typed'], ['place', 'Order', '77']] as const)('a form of the %s stays when it cannot be read anew', async (part, label, typed) => {
  let broken = false;
  const asked = answering(({ path }) => {
    if (broken) return { status: 500, body: { detail: 'Broken.' } };
    if (path.startsWith('schema/forms')) return { forms };
    if (path === 'stages/dummy/s') return { status: 200, body: stage, etag: '"1"' };
    if (path === 'flows/bindings/b') return { status: 200, body: binding, etag: '"1"' };
    return { pagination: { count: 0, next: 0 }, results: [] };
  });
  await drawn(<><StageDrawer flow={{ pk: 'f', name: 'Flow', slug: 'flow' } as Flow} binding={binding} part={part} onClose={() => {}} /><Again /></>);
  fireEvent.change(await screen.findByLabelText(label), { target: { value: typed } });
  broken = true;
  const before = asked.length;
  await act(async () => { fireEvent.click(screen.getByText('read anew')); });
  await waitFor(() => expect(asked.length).toBeGreaterThan(before));
  await act(async () => { await new Promise((resolve) => setTimeout(resolve, 50)); });
  expect(screen.getByLabelText(label)).toHaveProperty('value', typed);
});
