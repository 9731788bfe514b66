import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useKindName } from '../../../form/forms';
import { useFormDrawer } from '../../../form/useFormDrawer';
import { ResourceList } from '../../../list';
import { Empty, Go, Page, useDestroy, useGo } from '../../../shell';
import type { Provider } from '../application';
import '../applications.css';

/** All providers, of every kind. */
export default function Providers() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const drawer = useFormDrawer();
  const kindName = useKindName();
  const create = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => drawer.open({ ref: 'provider', title: t('providers.add'), onSaved: (row) => go(`providers/${String(row.pk)}`) })}>{t('providers.add')}</Button>
  );
  const remove = (rows: Provider[]) => destroy({
    noun: t('providers.noun'), objects: rows.map(({ pk, name }) => ({ path: `providers/all/${pk}`, name })), consequence: t('providers.deleteText'),
  });
  return (
    <Page title={t('menu.providers')} subtitle={t('providers.subtitle')} actions={create}>
      <ResourceList<Provider>
        path="providers/all"
        label={t('menu.providers')}
        to={({ pk }) => `providers/${pk}`}
        columns={[
          { key: 'name', title: t('applications.field.name'), sort: true },
          { key: 'verbose_name', title: t('applications.field.kind'), sort: true, render: kindName },
          {
            key: 'assigned_application_name', title: t('providers.application'), sort: true,
            render: (row) => row.assigned_application_slug
              ? <Go to={`applications/${row.assigned_application_slug}`}>{row.assigned_application_name}</Go>
              : <Typography.Text type="warning">{t('providers.unassigned')}</Typography.Text>,
          },
        ]}
        actions={[
          { key: 'edit', label: t('providers.edit'), run: ({ pk }) => go(`providers/${pk}?tab=edit`) },
          { key: 'delete', label: t('applications.delete'), icon: <DeleteOutlined />, danger: true, many: true, run: (row) => void remove([row]), runMany: remove },
        ]}
        empty={<Empty title={t('providers.none.title')} text={t('providers.none.text')} action={<Button type="primary" onClick={() => go('applications/new')}>{t('applications.add')}</Button>} />}
      />
      {drawer.element}
    </Page>
  );
}
