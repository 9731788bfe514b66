// A brand's colours, as they stand among its attributes: settings.theme.primary_color and settings.theme.base.

import type { Row } from '../../../api/query';

export const looks = ['automatic', 'light', 'dark'] as const;
export type BrandLook = (typeof looks)[number];

export interface Theme {
  /** "#rrggbb"; undefined is the colour of the house. */
  colour: string | undefined;
  base: BrandLook;
}

/** The colour of buttons where a brand has none. */
export const house = '#067a45';

/** Colours to begin with: the house's, WeChat's, and some that are far from both. */
export const presets = [house, '#07c160', '#1677ff', '#2f54eb', '#722ed1', '#c41d7f', '#cf1322', '#d4380d', '#fa8c16', '#13a8a8', '#434343'];

const objectOf = (value: unknown): Row | undefined => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined);

/** A colour as it is written: with or without #, three or six digits, in any case. Undefined for what is none. */
export function colourOf(typed: string): string | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(typed.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return undefined;
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`;
}

/** The colours among attributes. What is no colour counts as none, as it does on pages. */
export function themeOf(attributes: unknown): Theme {
  const theme = objectOf(objectOf(objectOf(attributes)?.settings)?.theme);
  const colour = typeof theme?.primary_color === 'string' && theme.primary_color.length === 7 ? colourOf(theme.primary_color) : undefined;
  return { colour, base: looks.find((look) => look === theme?.base) ?? 'automatic' };
}

/** The attributes with other colours, and all else as it was. What is not set leaves nothing behind. */
export function withTheme(attributes: unknown, { colour, base }: Theme): Row {
  const before = objectOf(attributes) ?? {};
  const settings = objectOf(before.settings) ?? {};
  return put(before, 'settings', filled(put(settings, 'theme', filled(put(put(objectOf(settings.theme) ?? {}, 'primary_color', colour), 'base', base === 'automatic' ? undefined : base)))));
}

const filled = (object: Row): Row | undefined => (Object.keys(object).length > 0 ? object : undefined);

/** An object with a key, in its old place, or without it. */
function put(object: Row, key: string, value: unknown): Row {
  if (value !== undefined) return { ...object, [key]: value };
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
