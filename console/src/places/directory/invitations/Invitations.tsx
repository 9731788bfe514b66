import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FormDrawer } from '../../../form';
import { ResourceList } from '../../../list';
import { Empty, Go, Page, useDestroy, useGo, When } from '../../../shell';
import { Mark } from '../Mark';
import { Person } from '../Person';
import type { Invitation } from './invitation';
import { invitationForm, isOver, usual } from './invitation';

/** All invitations that are open. */
export default function Invitations() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const [creating, setCreating] = useState(false);
  const form = useMemo(() => invitationForm(t), [t]);
  const preset = useMemo(() => (creating ? usual() : {}), [creating]);
  const create = <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>{t('invitations.create')}</Button>;
  const remove = (invitations: Invitation[]) => destroy({
    objects: invitations.map(({ pk, name }) => ({ path: `stages/invitation/invitations/${pk}`, name })), noun: t('invitations.one'), consequence: t('invitations.consequence'),
  });
  return (
    <Page title={t('menu.invitations')} subtitle={t('invitations.text')} actions={create}>
      <ResourceList<Invitation>
        path="stages/invitation/invitations"
        label={t('menu.invitations')}
        to={({ pk }) => `invitations/${pk}`}
        columns={[
          { key: 'name', title: t('invitations.field.name'), sort: true },
          { key: 'flow', title: t('invitations.field.flow'), csv: 'flow_obj.slug', render: ({ flow_obj }) => (flow_obj ? <Go to={`flows/${flow_obj.slug}`}>{flow_obj.name}</Go> : t('invitations.anyFlow')) },
          {
            key: 'expires', title: t('invitations.field.expires'), sort: true,
            render: (invitation) => (isOver(invitation) ? <Mark tone="bad">{t('invitations.over')}</Mark> : invitation.expires ? <When time={invitation.expires} /> : t('directory.unlimited')),
          },
          { key: 'single_use', title: t('invitations.field.uses'), sort: true, render: ({ single_use }) => t(single_use ? 'invitations.once' : 'invitations.often') },
          { key: 'created_by', title: t('invitations.field.created_by'), csv: 'created_by.username', render: ({ created_by }) => (created_by ? <Person user={created_by} link /> : '–') },
        ]}
        filters={[{ name: 'created_by__username', label: t('invitations.field.created_by'), type: 'text' }, { name: 'flow__slug', label: t('invitations.flowSlug'), type: 'text' }]}
        actions={[{ key: 'delete', label: t('invitations.withdraw'), icon: <DeleteOutlined />, danger: true, many: true, run: (invitation) => void remove([invitation]), runMany: remove }]}
        empty={<Empty title={t('invitations.none')} text={t('invitations.noneText')} action={create} />}
      />
      <FormDrawer
        form={form} title={t('invitations.create')} preset={preset} open={creating} onClose={() => setCreating(false)} onSaved={(row) => go(`invitations/${String(row.pk)}`)}
      />
    </Page>
  );
}
