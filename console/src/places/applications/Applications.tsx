import { AppstoreAddOutlined, DeleteOutlined, ExportOutlined } from '@ant-design/icons';
import { Button, Flex, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useList } from '../../api/query';
import { useKindName } from '../../form/forms';
import type { Action, Column } from '../../list';
import { ResourceList } from '../../list';
import { Empty, Go, Page, useDestroy, useGo } from '../../shell';
import { AppIcon } from './AppIcon';
import type { Application } from './application';
import { openable } from './application';
import './applications.css';

/** All applications. */
export default function Applications() {
  const { t } = useTranslation();
  const go = useGo();
  const create = <Button type="primary" icon={<AppstoreAddOutlined />} onClick={() => go('applications/new')}>{t('applications.add')}</Button>;
  return (
    <Page title={t('menu.applications')} subtitle={t('applications.subtitle')} actions={create}>
      <ResourceList<Application>
        path="core/applications"
        label={t('menu.applications')}
        query={{ superuser_full_list: true }}
        columns={useColumns()}
        actions={useActions()}
        to={({ slug }) => `applications/${slug}`}
        empty={<Empty title={t('applications.none.title')} text={t('applications.none.text')} action={create} />}
      />
    </Page>
  );
}

function useColumns(): Column<Application>[] {
  const { t } = useTranslation();
  const kindName = useKindName();
  return [
    {
      key: 'name', title: t('applications.field.name'), sort: true,
      render: (app) => <Flex gap="small" align="center"><AppIcon name={app.name} picture={app.meta_icon_url} /><span>{app.name}</span></Flex>,
    },
    { key: 'slug', title: t('applications.field.slug'), sort: true, render: ({ slug }) => <Typography.Text code>{slug}</Typography.Text> },
    {
      key: 'provider', title: t('applications.field.provider'),
      render: ({ provider_obj }) => provider_obj
        ? <Flex vertical><Go to={`providers/${provider_obj.pk}`}>{provider_obj.name}</Go><Typography.Text type="secondary">{kindName(provider_obj)}</Typography.Text></Flex>
        : <Typography.Text type="secondary">{t('applications.link')}</Typography.Text>,
    },
    { key: 'group', title: t('applications.field.group'), sort: true },
    { key: 'launch_url', title: t('applications.field.launch'), csv: 'meta_launch_url', render: (app) => <Launch app={app} /> },
    { key: 'bound', title: t('applications.field.bound'), csv: false, render: (app) => <Bound app={app} /> },
    { key: 'meta_description', title: t('applications.field.description'), hidden: true },
  ];
}

/** Where people open it. */
function Launch({ app }: { app: Application }) {
  const { t } = useTranslation();
  const address = openable(app.launch_url);
  if (!address) return <Typography.Text type="secondary">{t('applications.noLaunch')}</Typography.Text>;
  return <a href={address} target="_blank" rel="noreferrer" className="applications-launch">{address} <ExportOutlined aria-hidden /></a>;
}

/** How many bindings say who may use it. */
function Bound({ app }: { app: Application }) {
  const { t } = useTranslation();
  const { data } = useList('policies/bindings', { target: app.pk, enabled: true, page_size: 1 });
  if (!data) return '…';
  const { count } = data.pagination;
  return <Go to={`applications/${app.slug}?tab=access`}>{count === 0 ? <Tag>{t('applications.everybody')}</Tag> : <Tag color="green">{t('applications.bound', { count })}</Tag>}</Go>;
}

function useActions(): Action<Application>[] {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const remove = (apps: Application[]) => destroy({
    noun: t('applications.noun'),
    objects: apps.map(({ slug, name }) => ({ path: `core/applications/${slug}`, name })),
    consequence: t('applications.deleteText'),
  });
  return [
    { key: 'connect', label: t('applications.tab.connect'), show: ({ provider }) => provider !== null, run: ({ slug }) => go(`applications/${slug}?tab=connect`) },
    { key: 'edit', label: t('applications.tab.edit'), run: ({ slug }) => go(`applications/${slug}?tab=edit`) },
    { key: 'delete', label: t('applications.delete'), icon: <DeleteOutlined />, danger: true, many: true, run: (app) => void remove([app]), runMany: remove },
  ];
}
