import { expect, it } from 'vitest';

import { summary } from './summary';
import type { EventRow } from './types';

const event = (context: Record<string, unknown>, action = 'login') => ({ action, context }) as EventRow;

it('says what an event is about', () => {
  expect(summary(event({ source: { slug: 'wechat', name: 'WeChat' }, reason: 'wechat.code_used' }))).toBe('WeChat · wechat.code_used');
  expect(summary(event({ model: { app: 'authentik_core', model_name: 'application', name: 'Gitea' } }))).toBe('Gitea');
  expect(summary(event({ flow: 'default-flow', auth_method: 'password' }))).toBe('default-flow · password');
  expect(summary(event({ source: 'wechat', flow: 'wechat' }))).toBe('wechat');
  expect(summary(event({ source: 'wechat', message: 'Linked Source' }, 'source_linked'))).toBe('wechat');
  expect(summary(event({ source: 'wechat', message: 'no secret' }, 'configuration_error'))).toBe('wechat · no secret');
  expect(summary(event({}))).toBe('');
});
