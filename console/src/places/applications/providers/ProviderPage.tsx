import { DeleteOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Tabs, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useGet, useObject } from '../../../api/query';
import { ReferenceSelect } from '../../../form/ReferenceSelect';
import { SchemaForm } from '../../../form/SchemaForm';
import type { Form } from '../../../form/forms';
import { formFor, useForms } from '../../../form/forms';
import { useFormDrawer } from '../../../form/useFormDrawer';
import { UsedByTable } from '../../../list';
import { Empty, Go, Loading, Page, Problem, useAddress, useDestroy, useGo, useParam, useSay } from '../../../shell';
import type { Provider } from '../application';
import { isClient } from '../application';
import { Claims } from './Claims';
import { Client } from './Client';
import { Endpoints } from './Endpoints';
import '../applications.css';

/** Everything about one provider, of whatever kind. */
export default function ProviderPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const { data, error, refetch } = useGet<Provider>(`providers/all/${pk}`);
  const forms = useForms();
  const back = { to: 'providers', label: t('menu.providers') };
  const form = data && forms.data ? formFor(forms.data, data as never) : undefined;
  const fault = error ?? forms.error;
  if (fault && !form) return <Page title={t('providers.one')} back={back}><Problem error={fault} onRetry={() => void Promise.all([refetch(), forms.refetch()])} /></Page>;
  if (!data || !form) return <Page title={t('providers.one')} back={back}><Loading /></Page>;
  return (
    <Page title={data.name} subtitle={<Head provider={data} kind={form.verbose_name} />} back={back} actions={<Delete provider={data} />}>
      <ProviderTabs provider={data} form={form} />
    </Page>
  );
}

function Head({ provider, kind }: { provider: Provider; kind: string }) {
  const { t } = useTranslation();
  const { assigned_application_slug: slug, assigned_application_name: name } = provider;
  return (
    <Flex gap="small" wrap>
      <Typography.Text type="secondary">{kind}</Typography.Text>
      {slug && <><Typography.Text type="secondary">· {t('providers.application')}</Typography.Text><Go to={`applications/${slug}`}>{name}</Go></>}
    </Flex>
  );
}

function Delete({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const ask = () => destroy({
    noun: t('providers.noun'), objects: [{ path: `providers/all/${provider.pk}`, name: provider.name }], consequence: t('providers.deleteText'), onDone: () => go('providers', { replace: true }),
  });
  return <Button danger icon={<DeleteOutlined />} onClick={ask}>{t('applications.delete')}</Button>;
}

function ProviderTabs({ provider, form }: { provider: Provider; form: Form }) {
  const { t } = useTranslation();
  const [{ tab = 'overview' }, change] = useAddress();
  const path = `${form.path}/${provider.pk}`;
  const { data, error, refetch } = useObject<Provider>(path);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const tabs = {
    overview: <Overview provider={data.data} etag={data.etag} path={path} />,
    preview: <Preview path={path} assigned={provider.assigned_application_slug !== null} />,
    uses: <UsedByTable path={path} nothing={t('providers.usesNothing')} />,
    edit: <Edit form={form} object={data as never} />,
  };
  return (
    <Tabs
      activeKey={tab in tabs ? tab : 'overview'}
      onChange={(key) => change({ tab: key === 'overview' ? undefined : key })}
      // What was typed into the form stands there when one comes back.
      items={Object.entries(tabs).map(([key, children]) => ({ key, destroyOnHidden: key !== 'edit', label: t(`providers.tab.${key}`), children }))}
    />
  );
}

function Overview({ provider, etag, path }: { provider: Provider; etag?: string | undefined; path: string }) {
  const { t } = useTranslation();
  const go = useGo();
  const drawer = useFormDrawer();
  const slug = provider.assigned_application_slug;
  const create = (
    <Button type="primary" onClick={() => drawer.open({ schema: 'Application', preset: { name: provider.name, provider: provider.pk }, onSaved: (row) => go(`applications/${String(row.slug)}`) })}>
      {t('providers.createApplication')}
    </Button>
  );
  return (
    <div className="applications-stack">
      {!slug && <Alert type="warning" showIcon title={t('providers.unassignedText')} action={create} />}
      {drawer.element}
      {isClient(provider) && <Client provider={provider} etag={etag} path={path} />}
      {slug && <Endpoints path={path} slug={slug} />}
    </div>
  );
}

function Preview({ path, assigned }: { path: string; assigned: boolean }) {
  const { t } = useTranslation();
  const [{ person }, change] = useAddress();
  const pk = person ? Number(person) : null;
  if (!assigned) return <Empty title={t('providers.preview.noApplication')} />;
  return (
    <section className="applications-stack">
      <Typography.Title level={2}>{t('providers.preview.title')}</Typography.Title>
      <Typography.Paragraph type="secondary">{t('providers.preview.text')}</Typography.Paragraph>
      <div className="page-narrow">
        <ReferenceSelect to="user" create={false} nullable label={t('applications.person.choose')} placeholder={t('applications.person.choose')} value={pk} onChange={(value) => change({ person: value === null ? undefined : String(value) }, { replace: true })} />
      </div>
      {pk !== null && <Claims path={path} user={pk} />}
    </section>
  );
}

function Edit({ form, object }: { form: Form; object: { data: Row; etag?: string } }) {
  const { t } = useTranslation();
  const say = useSay();
  return <div className="page-narrow"><SchemaForm form={form} object={object} onSaved={() => say.done(t('providers.saved'))} /></div>;
}
