import { expect, it } from 'vitest';

import { givers, leaves } from './properties';

it('lists the values of a profile with their paths', () => {
  expect(leaves({ openid: 'o1', attributes: { city: '', privilege: ['a'], more: { deep: 1 } } })).toEqual([
    { name: 'openid', value: 'o1' },
    { name: 'attributes.city', value: '' },
    { name: 'attributes.privilege', value: ['a'] },
    { name: 'attributes.more.deep', value: 1 },
  ]);
});

it('names the last mapping that gives a property, and passes over those that failed', () => {
  const by = givers([
    { pk: '1', name: 'first', result: { name: 'A', attributes: { city: 'Lyon' } }, error: '' },
    { pk: '2', name: 'second', result: { name: 'B' }, error: '' },
    { pk: '3', name: 'broken', result: null, error: 'boom' },
  ]);
  expect(Object.fromEntries(by)).toEqual({ name: 'second', 'attributes.city': 'first' });
});
