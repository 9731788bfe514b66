import { describe, expect, it } from 'vitest';

import { callbackDomain, elsewhere, hopeless } from './domain';

describe('the callback domain', () => {
  it.each([
    ['a public name', 'https://id.example.com/source/oauth/callback/wechat/', 'id.example.com', []],
    ['a default port, which is none', 'https://id.example.com:443', 'id.example.com', []],
    ['a name in Chinese, which is registered in its ASCII form', 'https://登录.example.com', expect.stringMatching(/^xn--\w+\.example\.com$/) as string, []],
    ['a port', 'https://id.example.com:8443', 'id.example.com', ['port']],
    ['plain http', 'http://id.example.com', 'id.example.com', ['http']],
    ['localhost', 'http://localhost:9000', 'localhost', ['localhost', 'port', 'http']],
    ['a name below localhost', 'https://id.localhost', 'id.localhost', ['localhost']],
    ['an address', 'http://192.168.1.4', '192.168.1.4', ['ip', 'http']],
    ['an address of version 6', 'https://[::1]', '[::1]', ['ip']],
    ['a bare name', 'https://weimen', 'weimen', ['name']],
    ['no address at all', 'id.example.com', '', ['name']],
  ])('is read out of %s', (_, address, domain, faults) => expect(callbackDomain(address)).toEqual({ domain, faults }));

  it('works over plain http, and nowhere with a port', () => {
    expect(hopeless(['http'])).toBe(false);
    expect(hopeless(['port', 'http'])).toBe(true);
    expect(hopeless([])).toBe(false);
  });
});

it('knows a source that leads elsewhere than to WeChat', () => {
  const official = 'https://open.weixin.qq.com/connect/qrconnect';
  expect(elsewhere(undefined, official)).toBeUndefined();
  expect(elsewhere(official, official)).toBeUndefined();
  expect(elsewhere('http://127.0.0.1:9002/connect/qrconnect', official)).toBe('127.0.0.1:9002');
});
