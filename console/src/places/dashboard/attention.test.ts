import { expect, it } from 'vitest';

import { byCause } from './attention';
import type { Attention } from './types';

const concern = (code: string, level: Attention['level'], key = ''): Attention => ({ code, level, title: code, text: '', ref: key ? 'source' : '', key, name: '' });

it('puts what comes of the public address together, and the worst first', () => {
  const causes = byCause([
    concern('no_application', 'info'), concern('not_https', 'warning'), concern('wechat.public_ip', 'error', 'wechat'), concern('public_http', 'warning', 'github'),
    concern('source_not_offered', 'warning', 'wechat'), concern('source_not_offered', 'warning', 'github'),
  ]);
  expect(causes.map(({ level, items }) => [level, ...items.map(({ code, key }) => `${code} ${key}`.trim())])).toEqual([
    ['error', 'wechat.public_ip wechat', 'not_https', 'public_http github'],
    ['warning', 'source_not_offered wechat'],
    ['warning', 'source_not_offered github'],
    ['info', 'no_application'],
  ]);
});
