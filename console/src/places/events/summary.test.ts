import { expect, it } from 'vitest';

import { summary } from './summary';
import type { EventRow } from './types';

const nounOf = ({ model_name }: { model_name: string }) => ({ application: 'Application', oauth2provider: 'OAuth2/OpenID Provider' })[model_name] ?? model_name;
const event = (context: Record<string, unknown>, action = 'login') => ({ action, context }) as EventRow;

it('says what an event is about', () => {
  expect(summary(event({ source: { slug: 'wechat', name: 'WeChat' }, reason: 'wechat.code_used' }), nounOf)).toBe('WeChat · wechat.code_used');
  expect(summary(event({ model: { app: 'authentik_core', model_name: 'application', name: 'Gitea' } }), nounOf)).toBe('Application Gitea');
  expect(summary(event({ model: { app: 'authentik_providers_oauth2', model_name: 'oauth2provider', name: 'Gitea' } }), nounOf)).toBe('OAuth2/OpenID Provider Gitea');
  expect(summary(event({ user: { pk: 3, username: 'alice', email: '' } }, 'password_set'), nounOf)).toBe('alice');
  expect(summary(event({ created: false, username: 'alice', source: 'wechat' }, 'user_write'), nounOf)).toBe('wechat · alice');
  expect(summary(event({ flow: 'default-flow', auth_method: 'password' }), nounOf)).toBe('default-flow · password');
  expect(summary(event({ source: 'wechat', flow: 'wechat' }), nounOf)).toBe('wechat');
  expect(summary(event({ source: 'wechat', message: 'Linked Source' }, 'source_linked'), nounOf)).toBe('wechat');
  expect(summary(event({ source: 'wechat', message: 'no secret' }, 'configuration_error'), nounOf)).toBe('wechat · no secret');
  expect(summary(event({}), nounOf)).toBe('');
});
