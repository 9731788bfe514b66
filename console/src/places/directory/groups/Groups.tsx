import { ApartmentOutlined, BarsOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Segmented, Typography } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FormDrawer } from '../../../form';
import { formatNumber } from '../../../i18n/format';
import { ResourceList } from '../../../list';
import { Empty, Loading, Page, useAddress, useDestroy, useGo } from '../../../shell';
import { Mark } from '../Mark';
import type { Group } from './group';
import { groupForm, withoutMembers } from './group';
import '../directory.css';

const GroupTree = lazy(() => import('./GroupTree').then(({ GroupTree }) => ({ default: GroupTree })));

/** All groups, as a list or as the tree that they are. */
export default function Groups() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const [{ view = 'list' }, change] = useAddress();
  const [creating, setCreating] = useState(false);
  const form = useMemo(() => groupForm(t), [t]);
  const create = <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>{t('groups.create')}</Button>;
  const remove = (groups: Group[]) => destroy({
    objects: groups.map(({ pk, name }) => ({ path: `core/groups/${pk}`, name })), noun: t('groups.one'), consequence: t('groups.delete.consequence'),
  });
  const empty = <Empty title={t('groups.none')} text={t('groups.noneText')} action={create} />;
  return (
    <Page title={t('menu.groups')} subtitle={t('groups.text')} actions={create}>
      <div className="directory-stack">
        <Segmented
          className="directory-views"
          aria-label={t('groups.view.label')}
          value={view}
          onChange={(next) => change({ view: next === 'list' ? undefined : next })}
          options={[
            { value: 'list', label: t('groups.view.list'), icon: <BarsOutlined aria-hidden /> },
            { value: 'tree', label: t('groups.view.tree'), icon: <ApartmentOutlined aria-hidden /> },
          ]}
        />
        {view === 'tree' ? <Suspense fallback={<Loading />}><GroupTree empty={empty} /></Suspense> : (
          <ResourceList<Group>
            path="core/groups"
            query={{ ...withoutMembers, include_parents: true }}
            label={t('menu.groups')}
            to={({ pk }) => `groups/${pk}`}
            columns={[
              { key: 'name', title: t('groups.field.name'), sort: true },
              { key: 'is_superuser', title: t('groups.field.rights'), sort: true, render: ({ is_superuser }) => <Rights administrator={is_superuser} /> },
              { key: 'parents', title: t('groups.field.parents'), csv: false, render: ({ parents_obj }) => (parents_obj ?? []).map(({ name }) => name).join(', ') || '–' },
              { key: 'users_count', title: t('groups.field.users'), render: ({ users_count }) => formatNumber(users_count) },
              { key: 'children', title: t('groups.field.children'), csv: false, hidden: true, render: ({ children }) => formatNumber(children.length) },
              { key: 'pk', title: t('users.field.uuid'), hidden: true },
            ]}
            filters={[
              { name: 'is_superuser', label: t('groups.field.is_superuser'), type: 'boolean' },
              { name: 'members_by_username', label: t('groups.filter.member'), type: 'text' },
            ]}
            actions={[{ key: 'delete', label: t('directory.delete'), icon: <DeleteOutlined />, danger: true, many: true, run: (group) => void remove([group]), runMany: remove }]}
            empty={empty}
          />
        )}
      </div>
      <FormDrawer form={form} title={t('groups.create')} open={creating} onClose={() => setCreating(false)} onSaved={(row) => go(`groups/${String(row.pk)}`)} />
    </Page>
  );
}

/** Whether a group makes administrators. */
export function Rights({ administrator }: { administrator: boolean }) {
  const { t } = useTranslation();
  return administrator ? <Mark tone="careful">{t('groups.administrators')}</Mark> : <Typography.Text type="secondary">–</Typography.Text>;
}
