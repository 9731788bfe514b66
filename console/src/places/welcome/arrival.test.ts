import { expect, it } from 'vitest';

import { firstOf, type SignInEvent } from './arrival';

const event = (action: string, created: string, change: Partial<SignInEvent> = {}): SignInEvent => ({ pk: created, action, created, support_code: '', user: {}, context: {}, ...change });
const refusal = (created: string) => event('login_failed', created, { support_code: 'ABCD', context: { reason: 'wechat.timeout', message: 'No answer' } });
const since = '2026-11-22T10:00:00Z';

it('finds nobody in nothing', () => expect(firstOf([], since)).toEqual({}));

it('finds the newest sign-in, though it was before', () => {
  const login = event('login', '2026-11-22T09:00:00Z', { user: { pk: 5, username: 'ann' } });
  expect(firstOf([login], since)).toEqual({ arrived: login });
});

it('tells of a refusal since the page was opened, with its reason in words', () => {
  expect(firstOf([refusal('2026-11-22T10:05:00Z')], since).failed?.why).toBe('No answer');
});

it('leaves old refusals alone, and those after which somebody came in', () => {
  expect(firstOf([refusal('2026-11-22T09:05:00Z')], since)).toEqual({});
  expect(firstOf([event('login', '2026-11-22T10:06:00Z'), refusal('2026-11-22T10:05:00Z')], since).failed).toBeUndefined();
});

it('counts no warning without a reason for a refusal', () => {
  expect(firstOf([event('source_linked', '2026-11-22T10:05:00Z', { support_code: 'ABCD' })], since)).toEqual({});
});
