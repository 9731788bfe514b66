import { expect, it } from 'vitest';

import { freeSlug } from './create';

it('numbers a second source of the same kind', () => {
  expect(freeSlug('wechat', [])).toBe('wechat');
  expect(freeSlug('wechat', ['github', 'wechat'])).toBe('wechat-2');
  expect(freeSlug('wechat', ['wechat', 'wechat-2', 'wechat-3'])).toBe('wechat-4');
});
