import { expect, test } from 'vitest';

import type { Binding } from './binding';
import { nameOf, pageOf, sortOf } from './binding';

const binding: Binding = {
  pk: 'b', target: 't', policy: null, group: null, user: null, policy_obj: null, group_obj: null, user_obj: null, negate: false, enabled: true, order: 0, timeout: 30, failure_result: false,
};

test.each([
  ['a policy', { policy: 'p', policy_obj: { name: 'office-only', verbose_name: 'Expression Policy' } }, 'policy', 'office-only', 'policies/p'],
  ['a group', { group: 'g', group_obj: { name: 'staff' } }, 'group', 'staff', 'groups/g'],
  ['a person', { user: 7, user_obj: { name: '张三丰', username: 'zhang' } }, 'user', '张三丰', 'users/7'],
  ['a person without a name', { user: 7, user_obj: { name: '', username: 'zhang' } }, 'user', 'zhang', 'users/7'],
  ['what is gone', { group: 'g' }, 'group', 'b', 'groups/g'],
] as const)('%s is told as what it is', (_, change, sort, name, page) => {
  const row = { ...binding, ...change };
  expect([sortOf(row), nameOf(row), pageOf(row)]).toEqual([sort, name, page]);
});
