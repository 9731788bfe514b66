import { useTranslation } from 'react-i18next';

import { ApiError } from '../../../api/client';
import { useGet } from '../../../api/query';
import { Empty, Loading, Problem } from '../../../shell';

/** What a provider's application is told of a person, with all scopes that it may ask for. */
export function Claims({ path, user }: { path: string; user: number }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useGet<{ preview: Record<string, unknown> }>(`${path}/preview_user`, { for_user: user });
  if (error instanceof ApiError && error.status === 404) return <Empty title={t('providers.preview.noApplication')} />;
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <dl className="applications-values applications-claims">
      {Object.entries(data.preview).sort(([a], [b]) => a.localeCompare(b)).map(([claim, value]) => (
        <div key={claim} className="applications-pair">
          <dt><code>{claim}</code></dt>
          <dd><code className="applications-value">{typeof value === 'string' ? value : JSON.stringify(value)}</code></dd>
        </div>
      ))}
    </dl>
  );
}
