import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { answering, drawn } from '../../../form/testing';
import { AppIDField } from './Credentials';

const sources = [{ pk: 'a', name: 'Our WeChat', slug: 'wechat', consumer_key: 'wx0123456789abcdef' }];

it('names the other source that has an AppID, and lets go on', async () => {
  answering(() => ({ pagination: { count: 1, next: 0 }, results: sources }));
  const { unmount } = await drawn(<AppIDField path="sources/oauth" value="wx0123456789abcdef" onChange={() => {}} />);
  expect(await screen.findByText(/The source Our WeChat has this AppID already/)).toBeTruthy();
  expect(screen.getByRole('link').getAttribute('href')).toBe('/sources/wechat');
  expect(screen.getByText('Looks like an AppID.')).toBeTruthy();
  unmount();
  await drawn(<AppIDField path="sources/oauth" own="a" value="wx0123456789abcdef" onChange={() => {}} />);
  expect(await screen.findByText('Looks like an AppID.')).toBeTruthy();
  expect(screen.queryByText(/has this AppID already/)).toBeNull();
});
