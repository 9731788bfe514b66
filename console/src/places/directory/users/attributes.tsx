// Attributes as people read them. Sources write what their upstream tells: WeChat a number for the sex, a code for the country.

import { Typography } from 'antd';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { YesNo } from '../../../list';
import { Facts } from '../../../shell';
import { Mark } from '../Mark';

/** Attributes that have a name in the reader's language, in the order in which they are shown. */
export const namedAttributes = [
  'nickname', 'name', 'sex', 'country', 'province', 'city', 'language', 'email', 'headimgurl', 'openid', 'unionid', 'privilege', 'settings.locale', 'goauthentik.io/user/sources',
  'goauthentik.io/user/email-verified', 'goauthentik.io/user/email-unproven', 'department', 'phone', 'title',
] as const;

const order = new Map<string, number>(namedAttributes.map((name, i) => [name, i]));

/** Texts are looked up by keys that have no dots or slashes. */
const keyOf = (name: string) => name.replace(/[^a-z]+/gi, '_');

/** The name of an attribute, also where it is written as a field of the user: "attributes.department". */
export function labelOf(t: TFunction, name: string): string {
  const own = name.replace(/^attributes\./, '');
  return order.has(own) ? t(`attributes.name.${keyOf(own)}`) : name;
}

/** The sexes that upstreams know by number. */
const sexes = ['unknown', 'male', 'female'] as const;

/** Attributes one level deep, named as expressions name them: "settings.locale". */
export function flatten(attributes: Row): [string, unknown][] {
  const out: [string, unknown][] = [];
  for (const [name, value] of Object.entries(attributes)) {
    const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
    if (inner.length > 0) out.push(...inner.map(([key, value]): [string, unknown] => [`${name}.${key}`, value]));
    else out.push([name, value]);
  }
  const rank = (name: string) => order.get(name) ?? namedAttributes.length;
  return out.sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

/** A text for the value of an attribute where it is known what the upstream means; undefined elsewhere. */
export function meaning(t: TFunction, language: string, name: string, value: unknown): string | undefined {
  if (name === 'sex' && (typeof value === 'number' || typeof value === 'string')) {
    const sex = sexes[Number(value)];
    return sex && t(`attributes.sex.${sex}`);
  }
  if (typeof value !== 'string' || value === '') return undefined;
  if (name === 'country' && /^[A-Za-z]{2}$/.test(value)) return display('region', language, value.toUpperCase());
  if (name === 'language' || name === 'settings.locale') return display('language', language, value.replace('_', '-'));
  return undefined;
}

function display(type: 'region' | 'language', language: string, code: string): string | undefined {
  try {
    return new Intl.DisplayNames(language === 'zh' ? 'zh-CN' : 'en', { type, fallback: 'none' }).of(code);
  } catch {
    return undefined; // not a code at all
  }
}

function Value({ name, value }: { name: string; value: unknown }): ReactNode {
  const { t, i18n } = useTranslation();
  const meant = meaning(t, i18n.language, name, value);
  if (meant) return <span>{meant}</span>;
  if (value === null || value === undefined || value === '') return <Typography.Text type="secondary">{t('attributes.empty')}</Typography.Text>;
  if (typeof value === 'boolean') return <YesNo value={value} />;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    return value.length > 0 ? value.map((one) => <Mark key={String(one)}>{String(one)}</Mark>) : <Typography.Text type="secondary">{t('attributes.empty')}</Typography.Text>;
  }
  if (typeof value === 'string' && /^https?:\/\//.test(value)) {
    return <a href={value} target="_blank" rel="noreferrer noopener" className="directory-break">{name === 'headimgurl' ? t('attributes.openPicture') : value}</a>;
  }
  return typeof value === 'object' ? <pre className="code directory-raw">{JSON.stringify(value, null, 2)}</pre> : <span className="directory-break">{String(value)}</span>;
}

/** Attributes or a profile, each with its name. What nobody named stands under the name that expressions use. */
export function Attributes({ of }: { of: Row }) {
  const { t } = useTranslation();
  return <Facts items={flatten(of).map(([name, value]) => ({ label: labelOf(t, name), value: <Value name={name} value={value} /> }))} />;
}
