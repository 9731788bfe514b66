import { Button, Flex, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useList } from '../../../api/query';
import { useKindName } from '../../../form/forms';
import { YesNo } from '../../../list';
import { Empty, Facts, Go, useGo } from '../../../shell';
import type { Application } from '../application';
import { openable } from '../application';

/** What it is and how people get in, at a glance. */
export function Overview({ app }: { app: Application }) {
  const { t } = useTranslation();
  const address = openable(app.launch_url);
  return (
    <div className="applications-stack">
      <Facts
        items={[
          { label: t('applications.field.launch'), value: address ? <a href={address} target="_blank" rel="noreferrer">{address}</a> : <Typography.Text type="secondary">{t('applications.noLaunch')}</Typography.Text> },
          { label: t('applications.field.newTab'), value: <YesNo value={app.open_in_new_tab} /> },
          { label: t('applications.field.group'), value: app.group || '–' },
          { label: t('applications.field.publisher'), value: app.meta_publisher || '–' },
          { label: t('applications.field.access'), value: <WhoMay app={app} /> },
          { label: t('applications.field.description'), value: app.meta_description || '–' },
        ]}
      />
      <section className="applications-section">
        <Typography.Title level={2}>{t('applications.field.provider')}</Typography.Title>
        <ProviderSummary app={app} />
      </section>
    </div>
  );
}

function WhoMay({ app }: { app: Application }) {
  const { t } = useTranslation();
  const { data } = useList('policies/bindings', { target: app.pk, enabled: true, page_size: 1 });
  if (!data) return '…';
  const { count } = data.pagination;
  return <Go to={`applications/${app.slug}?tab=access`}>{count === 0 ? t('applications.everybody') : t('applications.bound', { count })}</Go>;
}

function ProviderSummary({ app }: { app: Application }) {
  const { t } = useTranslation();
  const go = useGo();
  const kindName = useKindName();
  const provider = app.provider_obj;
  if (!provider) {
    return <Empty title={t('applications.noProvider.title')} text={t('applications.noProvider.text')} action={<Button onClick={() => go(`applications/${app.slug}?tab=edit`)}>{t('applications.noProvider.choose')}</Button>} />;
  }
  return (
    <>
      <Facts
        items={[
          { label: t('applications.field.name'), value: <Go to={`providers/${provider.pk}`}>{provider.name}</Go> },
          { label: t('applications.field.kind'), value: kindName(provider) },
        ]}
      />
      <Flex gap="small" wrap>
        <Button type="primary" onClick={() => go(`applications/${app.slug}?tab=connect`)}>{t('applications.tab.connect')}</Button>
        <Button onClick={() => go(`providers/${provider.pk}?tab=edit`)}>{t('providers.edit')}</Button>
      </Flex>
    </>
  );
}
