import { describe, expect, it } from 'vitest';

import { sentences } from './sentences';

const source = {
  name: 'WeChat', slug: 'wechat', enabled: true, authentication_flow: 'a', enrollment_flow: 'e', user_matching_mode: 'identifier' as const, policy_engine_mode: 'any' as const,
  user_path_template: 'sources/%(slug)s', attribute_refresh: {},
};
const facts = { flow: (pk: string | null) => ({ a: 'Welcome back', e: 'Welcome' })[pk ?? ''] ?? '', policies: 0 };
const keys = (change: Partial<Parameters<typeof sentences>[0]>, policies = 0) => sentences({ ...source, ...change }, { ...facts, policies }).map(({ key }) => key);

describe('who may come, in sentences', () => {
  it('lets known and new people in by the two flows', () => {
    expect(sentences(source, facts)).toEqual([
      { key: 'known', tone: 'in', args: { name: 'WeChat', flow: 'Welcome back' } },
      { key: 'strangers', tone: 'note', args: { name: 'WeChat' } },
      { key: 'new', tone: 'in', args: { name: 'WeChat', flow: 'Welcome' } },
      { key: 'path', tone: 'note', args: { path: 'sources/wechat' } },
      { key: 'signedIn', tone: 'in', args: { name: 'WeChat' } },
      { key: 'kept', tone: 'note', args: { name: 'WeChat', fields: '' } },
    ]);
  });
  it('lets nobody in where it is switched off', () => expect(keys({ enabled: false })).toEqual(['off']));
  it('turns new people away without an enrollment flow', () => expect(keys({ enrollment_flow: null })).toEqual(['known', 'strangers', 'newOut', 'signedIn', 'kept']));
  it('turns known people away without an authentication flow', () => expect(keys({ authentication_flow: null })[0]).toBe('knownOut'));
  it('names policies first, for they are asked first', () => {
    expect(keys({}, 2)[0]).toBe('policiesAny');
    expect(keys({ policy_engine_mode: 'all' }, 2)[0]).toBe('policiesAll');
  });
  it.each([
    ['email_link', ['emailLinked', 'emailMissing']],
    ['email_deny', ['emailDenied', 'emailMissing']],
    ['username_link', ['usernameLinked', 'usernameMissing']],
    ['username_deny', ['usernameDenied', 'usernameMissing']],
  ] as const)('tells what %s does', (mode, told) => expect(keys({ user_matching_mode: mode }).slice(1, 3)).toEqual(told));
  it('links nobody who could not sign in then', () => expect(keys({ user_matching_mode: 'email_link', authentication_flow: null })).toContain('emailLinkedOut'));
  it('names what follows the source', () => expect(keys({ attribute_refresh: { name: 'always' } }).at(-1)).toBe('refreshed'));
});
