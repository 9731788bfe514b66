import { Flex, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../../api/query';
import { CopyField, Go, Loading, Problem } from '../../../shell';
import type { SetupUrls } from '../connect/facts';

const order = ['issuer', 'provider_info', 'authorize', 'token', 'user_info', 'jwks', 'logout'] as const;

/** The addresses that an application is set up with. */
export function Endpoints({ path, slug }: { path: string; slug: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useGet<SetupUrls>(`${path}/setup_urls`);
  return (
    <section className="applications-section">
      <Typography.Title level={2}>{t('providers.endpoints')}</Typography.Title>
      <Flex gap="small" wrap>
        <Typography.Text type="secondary">{t('providers.endpointsText')}</Typography.Text>
        <Go to={`applications/${slug}?tab=connect`}>{t('applications.tab.connect')}</Go>
      </Flex>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : !data ? <Loading /> : (
        <dl className="applications-values">
          {order.map((name) => (
            <div key={name} className="applications-pair">
              <dt>{t(`providers.url.${name}`)}</dt>
              <dd><CopyField value={data[name]} label={t(`providers.url.${name}`)} /></dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
