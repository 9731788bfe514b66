import { useTranslation } from 'react-i18next';

import { ApiError } from '../../../api/client';
import { useGet } from '../../../api/query';
import { SmallTable } from '../../../list';
import { Empty, Loading, Problem } from '../../../shell';

/** What a provider's application is told of a person, with all scopes that it may ask for. */
export function Claims({ path, user }: { path: string; user: number }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useGet<{ preview: Record<string, unknown> }>(`${path}/preview_user`, { for_user: user });
  if (error instanceof ApiError && error.status === 404) return <Empty title={t('providers.preview.noApplication')} />;
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const rows = Object.entries(data.preview).sort(([a], [b]) => a.localeCompare(b)).map(([claim, value]) => ({ claim, value }));
  return (
    <SmallTable
      label={t('providers.preview.title')}
      rowKey="claim"
      rows={rows}
      columns={[
        { key: 'claim', title: t('providers.preview.claim'), render: ({ claim }) => <code>{claim}</code> },
        { key: 'value', title: t('providers.preview.value'), render: ({ value }) => <code className="applications-value">{typeof value === 'string' ? value : JSON.stringify(value)}</code> },
      ]}
    />
  );
}
