import { describe, expect, it } from 'vitest';

import type { Group } from './groups/group';
import { treeOf } from './groups/group';
import type { Invitation } from './invitations/invitation';
import { doorsOf, isOver } from './invitations/invitation';
import { initials } from './Person';
import { randomKey } from './tokens/Key';
import { flatten, meaning } from './users/attributes';
import { deviceOf } from './users/device';
import { brandOf } from './users/Recovery';
import type { User } from './users/user';
import { mailState } from './users/user';

describe('initials', () => {
  it.each([['张三', '三'], ['欧阳娜娜', '娜'], ['Ada Lovelace', 'AL'], ['person-7', 'P7'], ['linus', 'L'], ['😀 x', '😀X'], ['', '?']])('of %s are %s', (name, want) => {
    expect(initials(name)).toBe(want);
  });
});

describe('a User-Agent', () => {
  it.each([
    ['Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0', { browser: 'wechat', system: 'Android', handheld: true }],
    ['Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120', { browser: 'Edge', system: 'Windows', handheld: false }],
    ['Mozilla/5.0 (PC; OpenHarmony 5.0) Chrome/120', { browser: 'Chrome', system: 'HarmonyOS', handheld: false }],
    ['', { browser: '', system: '', handheld: false }],
  ])('%s', (agent, want) => expect(deviceOf(agent)).toEqual(want));
});

describe('groups', () => {
  const group = (pk: string, ...parents: string[]) => ({ pk, parents }) as unknown as Group;
  it('stand below each of their parents, and circles end', () => {
    const tree = treeOf([group('a'), group('b', 'a'), group('c', 'a', 'b'), group('orphan', 'elsewhere')]);
    expect(tree.map(({ key }) => key)).toEqual(['a', 'orphan']);
    expect(tree[0]?.children.map(({ key, children }) => [key, children.map(({ key }) => key)])).toEqual([['a/b', ['a/b/c']], ['a/c', []]]);
    expect(treeOf([group('x', 'y'), group('y', 'x'), group('top'), group('x2', 'top')]).map(({ key }) => key)).toEqual(['top']);
  });
});

describe('an invitation', () => {
  const invitation = (flow: string | null) => ({ pk: 'i', flow, flow_obj: flow && { name: flow, slug: flow }, expires: null }) as unknown as Invitation;
  const flows = [{ pk: 'form', name: 'Form', slug: 'form' }, { pk: 'wechat', name: 'WeChat', slug: 'wechat-enrol' }];
  const sources = [{ pk: 's', name: 'WeChat', slug: 'wechat', enabled: true, enrollment_flow: 'wechat' }, { pk: 'off', name: 'Off', slug: 'off', enabled: false, enrollment_flow: 'wechat' }];
  const doors = (flow: string | null) => doorsOf(invitation(flow), sources, flows, 'https://id.example').map(({ url }) => url);
  it('is entered through the sources of its flow', () => expect(doors('wechat')).toEqual(['https://id.example/source/oauth/login/wechat/?itoken=i']));
  it('is entered by its flow where no source leads there', () => expect(doors('form')).toEqual(['https://id.example/if/flow/form/?itoken=i']));
  it('for any flow has all the ways', () => expect(doors(null)).toHaveLength(2));
  it('for a flow that looks at none still has its link', () => expect(doors('other')).toEqual(['https://id.example/if/flow/other/?itoken=i']));
  it('without an end is never over', () => expect(isOver(invitation(null))).toBe(false));
});

describe('attributes', () => {
  const t = ((key: string) => key) as never;
  it('are read as the source means them', () => {
    expect(meaning(t, 'zh', 'sex', 2)).toBe('attributes.sex.female');
    expect(meaning(t, 'zh', 'country', 'CN')).toBe('中国');
    expect(meaning(t, 'en', 'language', 'zh_CN')).toContain('Chinese');
    expect(meaning(t, 'en', 'country', 'China')).toBeUndefined();
    expect(meaning(t, 'en', 'sex', 9)).toBeUndefined();
  });
  it('stand one level deep, those with a name first', () => {
    expect(flatten({ zebra: 1, settings: { locale: 'en' }, nickname: 'x' }).map(([name]) => name)).toEqual(['nickname', 'settings.locale', 'zebra']);
  });
});

describe('an address', () => {
  const user = (attributes: object) => ({ email: 'Me@Example.org', attributes }) as unknown as User;
  it('is verified or unproven only while it is the present one', () => {
    expect(mailState(user({ 'goauthentik.io/user/email-verified': 'me@example.org' }))).toBe('verified');
    expect(mailState(user({ 'goauthentik.io/user/email-verified': 'old@example.org' }))).toBe('given');
    expect(mailState(user({ 'goauthentik.io/user/email-unproven': 'me@example.org' }))).toBe('unproven');
  });
});

describe('the brand of an address', () => {
  const brand = (domain: string, isDefault = false) => ({ brand_uuid: domain, domain, default: isDefault, flow_recovery: null });
  const brands = [brand('example.org'), brand('id.example.org'), brand('standard', true)];
  it.each([['id.example.org', 'id.example.org'], ['a.id.example.org', 'id.example.org'], ['www.example.org', 'example.org'], ['other.net', 'standard'], ['ID.example.org', 'id.example.org']])('%s is %s', (host, want) => {
    expect(brandOf(brands, host)?.domain).toBe(want);
  });
});

describe('a random key', () => {
  it('has letters and digits only, and another one each time', () => {
    expect(randomKey()).toMatch(/^[A-Za-z0-9]{60}$/);
    expect(randomKey()).not.toBe(randomKey());
  });
});
