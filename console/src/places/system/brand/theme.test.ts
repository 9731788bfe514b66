import { describe, expect, it } from 'vitest';

import { colourOf, themeOf, withTheme } from './theme';

describe('a brand’s colours', () => {
  it('are read where the server reads them, and passed over where it passes them over', () => {
    expect(themeOf({ settings: { theme: { primary_color: '#07C160', base: 'dark' } } })).toEqual({ colour: '#07c160', base: 'dark' });
    for (const attributes of [undefined, null, 'unread {', [], {}, { settings: 1 }, { settings: { theme: { primary_color: 'red', base: 'sepia' } } }, { settings: { theme: { primary_color: '#0c6' } } }]) {
      expect(themeOf(attributes)).toEqual({ colour: undefined, base: 'automatic' });
    }
  });

  it('are written beside all else', () => {
    const before = { city: '杭州', settings: { locale: 'zh', theme: { background: 'x', base: 'light' } } };
    expect(withTheme(before, { colour: '#07c160', base: 'dark' })).toEqual({ city: '杭州', settings: { locale: 'zh', theme: { background: 'x', base: 'dark', primary_color: '#07c160' } } });
    expect(before.settings.theme).toEqual({ background: 'x', base: 'light' });
  });

  it('leave nothing behind when they are unset', () => {
    const set = withTheme({}, { colour: '#07c160', base: 'light' });
    expect(set).toEqual({ settings: { theme: { primary_color: '#07c160', base: 'light' } } });
    expect(withTheme(set, { colour: undefined, base: 'automatic' })).toEqual({});
    expect(withTheme({ settings: { locale: 'zh', theme: { base: 'dark' } } }, { colour: undefined, base: 'automatic' })).toEqual({ settings: { locale: 'zh' } });
  });

  it('are understood as people write them', () => {
    expect(['#07C160', '07c160', ' #0C6 ', 'green', '#07c16', ''].map(colourOf)).toEqual(['#07c160', '#07c160', '#00cc66', undefined, undefined, undefined]);
  });
});
