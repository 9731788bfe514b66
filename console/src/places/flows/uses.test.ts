import { describe, expect, it } from 'vitest';

import { usesIn } from './uses';

describe('the uses of flows', () => {
  it('are the settings that name them, each once', () => {
    const uses = usesIn('brand', [
      { brand_uuid: 'b', domain: 'id.example.org', flow_authentication: 'login', flow_recovery: 'login', flow_invalidation: null },
      { brand_uuid: 'c', domain: 'other', flow_authentication: 'login' },
    ]);
    expect(uses.get('login')).toEqual([
      { setting: 'brand.flow_authentication', name: 'id.example.org', to: 'brands/b' },
      { setting: 'brand.flow_recovery', name: 'id.example.org', to: 'brands/b' },
      { setting: 'brand.flow_authentication', name: 'other', to: 'brands/c' },
    ]);
    expect(uses.size).toBe(1);
  });
});
