import { expect, test } from 'vitest';

import { ApiError } from '../../../api/client';
import type { Plan } from './make';
import { HalfMade, make } from './make';

const plan: Plan = {
  name: 'Wiki', slug: 'wiki', launch: 'https://wiki.example.com/', description: '', redirects: [{ matching_mode: 'strict', url: 'https://wiki.example.com/callback' }],
  clientType: 'confidential', authorizationFlow: 'a', invalidationFlow: 'i', signingKey: 'k', scopes: ['s'], groups: ['g'], users: [7],
};

/** A server that keeps what it is given, and refuses the calls that are named. */
function server(...refused: string[]) {
  const calls: string[] = [];
  const ask = async <T>(method: string, path: string, { body }: { body?: unknown } = {}) => {
    const said = `${method} ${path}`;
    calls.push(said);
    if (refused.includes(said)) throw new ApiError(400, 'no', {});
    const ids: Record<string, object> = { 'providers/oauth2': { pk: 5 }, 'core/applications': { pk: 'uuid' }, 'policies/bindings': { pk: 'b' } };
    return { data: { ...(body as object), ...ids[path] } as T };
  };
  return { calls, ask };
}

test('provider, application and bindings are made in this order', async () => {
  const { calls, ask } = server();
  const made = await make(plan, ask);
  expect(made.application.slug).toBe('wiki');
  expect(made.provider.pk).toBe(5);
  expect(calls).toEqual(['POST providers/oauth2', 'POST core/applications', 'POST policies/bindings', 'POST policies/bindings']);
});

test.each([
  ['a refused provider leaves nothing', 'POST providers/oauth2', 'provider', []],
  ['a refused application takes the provider with it', 'POST core/applications', 'application', ['DELETE providers/oauth2/5']],
  ['a refused binding takes application and provider with it', 'POST policies/bindings', 'bindings', ['DELETE core/applications/wiki', 'DELETE providers/oauth2/5']],
])('%s', async (_, refused, at, deleted) => {
  const { calls, ask } = server(refused);
  const err = await make(plan, ask).catch((err: unknown) => err);
  expect(err).toBeInstanceOf(HalfMade);
  expect(err).toMatchObject({ at, left: [] });
  expect(calls.filter((said) => said.startsWith('DELETE'))).toEqual(deleted);
});

test('what cannot be taken back is named', async () => {
  const { ask } = server('POST core/applications', 'DELETE providers/oauth2/5');
  const err = await make(plan, ask).catch((err: unknown) => err);
  expect(err).toMatchObject({ left: [{ to: 'providers/5', name: 'Wiki' }] });
});
