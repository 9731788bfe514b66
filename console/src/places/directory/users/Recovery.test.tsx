import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { drawn } from '../../../form/testing';
import { Explanation } from './Recovery';

it('says where a recovery flow is chosen, with a brand and without any', async () => {
  const { unmount } = await drawn(<Explanation brand={{ brand_uuid: 'b', domain: 'id.example.com', default: true, flow_recovery: null }} onPassword={() => {}} />, 'zh');
  expect(screen.getByText(/品牌 id\.example\.com 没有选择恢复流程/)).toBeTruthy();
  expect(screen.getByRole('link').getAttribute('href')).toBe('/brands/b');
  unmount();
  await drawn(<Explanation brand={undefined} onPassword={() => {}} />, 'zh');
  expect(screen.getByText(/没有适用于此地址的品牌/)).toBeTruthy();
  expect(screen.getByRole('link').getAttribute('href')).toBe('/brands');
});
