import { DeleteOutlined, ExportOutlined } from '@ant-design/icons';
import { Button, Flex, Tabs, Typography } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useObject } from '../../../api/query';
import { SchemaForm } from '../../../form/SchemaForm';
import { useForm } from '../../../form/forms';
import { Loading, Page, Problem, useAddress, useDestroy, useGo, useParam, useSay } from '../../../shell';
import { AppIcon } from '../AppIcon';
import type { Application } from '../application';
import { openable } from '../application';
import { Access } from './Access';
import { Overview } from './Overview';
import '../applications.css';

const HowToConnect = lazy(() => import('../connect/HowToConnect').then((all) => ({ default: all.HowToConnect })));
const Entitlements = lazy(() => import('./Entitlements').then((all) => ({ default: all.Entitlements })));
const OnePerson = lazy(() => import('./OnePerson').then((all) => ({ default: all.OnePerson })));

/** Everything about one application. */
export default function ApplicationPage() {
  const { t } = useTranslation();
  const slug = useParam('slug');
  const { data, error, refetch } = useObject<Application>(`core/applications/${slug}`);
  const back = { to: 'applications', label: t('menu.applications') };
  if (error && !data) return <Page title={t('applications.one')} back={back}><Problem error={error} onRetry={() => void refetch()} /></Page>;
  if (!data) return <Page title={t('applications.one')} back={back}><Loading /></Page>;
  const app = data.data;
  return (
    <Page title={app.name} subtitle={<Head app={app} />} back={back} actions={<Actions app={app} />}>
      <ApplicationTabs app={app} object={data as never} />
    </Page>
  );
}

function Head({ app }: { app: Application }) {
  return (
    <Flex gap="small" align="center" wrap>
      <AppIcon name={app.name} picture={app.meta_icon_url} size={40} />
      <Typography.Text code>{app.slug}</Typography.Text>
      {app.meta_description && <Typography.Text type="secondary">{app.meta_description}</Typography.Text>}
    </Flex>
  );
}

function Actions({ app }: { app: Application }) {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const address = openable(app.launch_url);
  return (
    <>
      {address && <Button href={address} target="_blank" rel="noreferrer" icon={<ExportOutlined />}>{t('applications.open')}</Button>}
      <Button
        danger
        icon={<DeleteOutlined />}
        onClick={() => destroy({
          noun: t('applications.noun'), objects: [{ path: `core/applications/${app.slug}`, name: app.name }], consequence: t('applications.deleteText'), onDone: () => go('applications', { replace: true }),
        })}
      >
        {t('applications.delete')}
      </Button>
    </>
  );
}

function ApplicationTabs({ app, object }: { app: Application; object: { data: Row; etag?: string } }) {
  const { t } = useTranslation();
  const [{ tab = 'overview' }, change] = useAddress();
  const tabs = {
    overview: <Overview app={app} />,
    access: <Access app={app} etag={object.etag} />,
    ...(app.provider_obj && { connect: <HowToConnect application={app} /> }),
    person: <OnePerson app={app} />,
    entitlements: <Entitlements app={app} />,
    edit: <Edit object={object} />,
  };
  return (
    <Tabs
      activeKey={tab in tabs ? tab : 'overview'}
      onChange={(key) => change({ tab: key === 'overview' ? undefined : key })}
      // What was typed into the form stands there when one comes back.
      items={Object.entries(tabs).map(([key, page]) => ({ key, destroyOnHidden: key !== 'edit', label: t(`applications.tab.${key}`), children: <Suspense fallback={<Loading />}>{page}</Suspense> }))}
    />
  );
}

function Edit({ object }: { object: { data: Row; etag?: string } }) {
  const { t } = useTranslation();
  const form = useForm('Application');
  const go = useGo();
  const say = useSay();
  if (!form) return <Loading />;
  const saved = (row: Row) => {
    say.done(t('applications.saved'));
    if (row.slug !== object.data.slug) go(`applications/${String(row.slug)}?tab=edit`, { replace: true });
  };
  return <div className="page-narrow"><SchemaForm form={form} object={object} onSaved={saved} /></div>;
}
