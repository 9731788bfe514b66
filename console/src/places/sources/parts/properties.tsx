// Profiles and properties as tables: what the upstream said, and what became of it here.

import { Tag, theme, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import type { TryResult } from '../model';

interface Leaf {
  name: string;
  value: unknown;
}

/** The values of an object with their paths: {a: {b: 1}} is "a.b" = 1. Lists stay whole. */
export function leaves(value: unknown, prefix = ''): Leaf[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ name: prefix, value }];
  return Object.entries(value as Row).flatMap(([name, inner]) => leaves(inner, prefix ? `${prefix}.${name}` : name));
}

/** Who gave each property: the last mapping that names it, or nobody, which is the source itself. */
export function givers(mappings: TryResult['mappings']): Map<string, string> {
  const by = new Map<string, string>();
  for (const { name, result } of mappings) {
    if (result) for (const leaf of leaves(result)) by.set(leaf.name, name);
  }
  return by;
}

/** A value as one reads it. Pictures are not loaded: they lie on other people's servers. */
function Value({ value }: { value: unknown }) {
  const { t } = useTranslation();
  if (value === undefined || value === null || value === '') return <Typography.Text type="secondary">{t('sources.mappings.nothing')}</Typography.Text>;
  return <bdi className="sources-value">{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>;
}

/** An upstream's profile, name by name. */
export function Properties({ value, label }: { value: Row; label: string }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  return (
    <div className="sources-table" style={{ borderColor: token.colorBorderSecondary }} tabIndex={0} role="region" aria-label={label}>
      <table aria-label={label}>
        <thead><tr><th scope="col">{t('sources.mappings.field')}</th><th scope="col">{t('sources.mappings.value')}</th></tr></thead>
        <tbody>
          {leaves(value).map(({ name, value: one }) => (
            <tr key={name}><th scope="row" className="code">{name}</th><td><Value value={one} /></td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What Weimen would store of a person, with who says so. */
export function StoredTable({ result }: { result: TryResult }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const by = givers(result.mappings ?? []);
  const mapped = (result.mappings ?? []).length > 0;
  const label = t('sources.mappings.after');
  return (
    <div className="sources-table" style={{ borderColor: token.colorBorderSecondary }} tabIndex={0} role="region" aria-label={label}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('sources.mappings.property')}</th>
            <th scope="col">{t('sources.mappings.value')}</th>
            {mapped && <th scope="col">{t('sources.mappings.by')}</th>}
          </tr>
        </thead>
        <tbody>
          {leaves(result.properties?.user ?? {}).map(({ name, value }) => (
            <tr key={name}>
              <th scope="row" className="code">{name}</th>
              <td><Value value={value} /></td>
              {mapped && <td className="sources-by">{by.has(name) ? <Tag color="green">{by.get(name)}</Tag> : <Typography.Text type="secondary">{t('sources.mappings.itself')}</Typography.Text>}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
