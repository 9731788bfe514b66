import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Paginated } from '../../api/client';
import { useGet, useList } from '../../api/query';
import { useGo } from '../../shell';
import { seed } from '../sources/wechat/seed';
import type { SignIns } from './types';

/** Leads back to the set-up that was left, until somebody has signed in through its source. */
export function GoOn({ series }: { series: SignIns['series'] }) {
  const { t } = useTranslation();
  const go = useGo();
  const sources = useList<{ slug: string; name: string }>(seed.path, { ...seed.preset, page_size: 2 });
  const [source, ...others] = sources.data?.results ?? [];
  const used = series.some(({ source: one, counts }) => one?.slug === source?.slug && counts.some((count) => count > 0));
  // Where these days tell of nobody, the events of all days are asked.
  const open = source !== undefined && others.length === 0 && !used;
  const logins = useGet<Paginated<unknown>>('events/events', { source: source?.slug ?? '', action: 'login', page_size: 1 }, open);
  const applications = useGet<Paginated<unknown>>('core/applications', { page_size: 1, superuser_full_list: true }, open);
  if (!open || !applications.data || logins.data?.pagination.count !== 0) return null;
  const step = applications.data.pagination.count > 0 ? 'arrival' : 'domain';
  return (
    <Alert
      type="info"
      showIcon
      title={t('dashboard.goOn.title', { name: source.name })}
      description={t('dashboard.goOn.text')}
      action={<Button type="primary" onClick={() => go(`welcome?step=${step}&source=${encodeURIComponent(source.slug)}`)}>{t('dashboard.goOn.action')}</Button>}
    />
  );
}
