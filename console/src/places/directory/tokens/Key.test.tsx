import { useQueryClient } from '@tanstack/react-query';
import { act, fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { answering, drawn } from '../../../form/testing';
import { ShowKey } from './Key';
import type { Token } from './token';

function Reload() {
  const client = useQueryClient();
  return <button onClick={() => void client.invalidateQueries()}>anew</button>;
}

it('a key that is shown is not looked at again when everything is read anew: each look is recorded', async () => {
  const asked = answering(() => ({ key: 'secret-key' }));
  const token = { identifier: 'ci', intent: 'api', user_obj: { username: 'ada' } } as Token;
  await drawn(<><Reload /><ShowKey token={token} onClose={() => {}} /></>);
  await screen.findByDisplayValue('secret-key');
  await act(async () => {
    fireEvent.click(screen.getByText('anew'));
    await new Promise((done) => setTimeout(done, 30));
  });
  expect(asked.map(({ path }) => path)).toEqual(['core/tokens/ci/view_key']);
});
