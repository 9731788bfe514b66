import { expect, it } from 'vitest';

import { answering } from '../../../form/testing';
import { createWeChat, freeSlug } from './create';

it('numbers a second source of the same kind', () => {
  expect(freeSlug('wechat', [])).toBe('wechat');
  expect(freeSlug('wechat', ['github', 'wechat'])).toBe('wechat-2');
  expect(freeSlug('wechat', ['wechat', 'wechat-2', 'wechat-3'])).toBe('wechat-4');
});

const page = (...results: object[]) => ({ pagination: { count: results.length, next: 0 }, results });

it('shows the button on the login page that a brand leaves to the default', async () => {
  const stages = [{ pk: 'first', sources: ['other'], flow_set: [{ pk: 'login' }] }, { pk: 'second', sources: [], flow_set: [{ pk: 'recovery' }] }];
  const asked = answering(({ method, path }) => {
    if (path.startsWith('sources/all')) return page();
    if (method === 'POST') return { pk: 'new', slug: 'wechat' };
    if (path.startsWith('core/brands')) return page({ brand_uuid: 'b', flow_authentication: null, login_flow: 'login' });
    if (path.startsWith('stages/identification?')) return page(...stages);
    return stages.find(({ pk }) => path.endsWith(pk)) ?? {};
  });
  const { shown } = await createWeChat('sources/oauth', { slug: 'wechat' }, { name: 'WeChat', appID: 'wx', secret: 's', account: '', show: true });
  expect(shown).toBe(true);
  expect(asked.filter(({ method }) => method === 'PATCH')).toMatchObject([{ path: 'stages/identification/first', body: { sources: ['other', 'new'] } }]);
});
