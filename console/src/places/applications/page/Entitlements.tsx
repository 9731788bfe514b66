import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { Bindings } from '../../../bindings/Bindings';
import { FormDrawer } from '../../../form/FormDrawer';
import { useForm } from '../../../form/forms';
import { ResourceList } from '../../../list';
import { Empty, useDestroy, useSay } from '../../../shell';
import type { Application } from '../application';

interface Entitlement extends Row {
  pbm_uuid: string;
  name: string;
}

/** What people may do in the application, and who. */
export function Entitlements({ app }: { app: Application }) {
  const { t } = useTranslation();
  const form = useForm('ApplicationEntitlement');
  const destroy = useDestroy();
  const say = useSay();
  const [open, setOpen] = useState<{ key?: string }>();
  const add = <Button icon={<PlusOutlined />} onClick={() => setOpen({})}>{t('applications.entitlements.add')}</Button>;
  const remove = (rows: Entitlement[]) => destroy({
    noun: t('applications.entitlements.noun'), objects: rows.map(({ pbm_uuid, name }) => ({ path: `core/application_entitlements/${pbm_uuid}`, name })),
  });
  return (
    <section className="applications-stack">
      <Typography.Title level={2}>{t('applications.entitlements.title')}</Typography.Title>
      <Typography.Paragraph type="secondary">{t('applications.entitlements.text')}</Typography.Paragraph>
      <ResourceList<Entitlement>
        path="core/application_entitlements"
        label={t('applications.entitlements.title')}
        rowKey="pbm_uuid"
        scope="entitlements"
        query={{ app: app.pk }}
        toolbar={add}
        csv={false}
        columns={[{ key: 'name', title: t('applications.field.name'), sort: true }]}
        expand={({ pbm_uuid, name }) => <Bindings target={pbm_uuid} label={t('applications.entitlements.of', { name })} none={t('applications.entitlements.nobody')} />}
        actions={[
          { key: 'edit', label: t('applications.entitlements.edit'), run: ({ pbm_uuid }) => setOpen({ key: pbm_uuid }) },
          { key: 'delete', label: t('applications.delete'), icon: <DeleteOutlined />, danger: true, run: (row) => void remove([row]) },
        ]}
        empty={<Empty title={t('applications.entitlements.none')} text={t('applications.entitlements.noneText')} action={add} />}
      />
      {form && open && (
        <FormDrawer
          open
          form={form}
          {...(open.key ? { objectKey: open.key } : { preset: { app: app.pk } })}
          hidden={['app']}
          onSaved={() => say.done(t('applications.saved'))}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}
