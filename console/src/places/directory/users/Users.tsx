import { CheckCircleOutlined, DeleteOutlined, PlusOutlined, StopOutlined } from '@ant-design/icons';
import { Button, Typography } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import type { Paginated } from '../../../api/client';
import { useChange } from '../../../api/query';
import { FormDrawer } from '../../../form';
import type { Action, Column, Filter } from '../../../list';
import { ResourceList } from '../../../list';
import { Empty, Page, useDestroy, useGo, useMe, When } from '../../../shell';
import { Mark } from '../Mark';
import { Person } from '../Person';
import { useSure } from '../useSure';
import type { User } from './user';
import { nameOf, sourcesOf, userForm, userTypes } from './user';

/** All users. */
export default function Users() {
  const { t } = useTranslation();
  const go = useGo();
  const [creating, setCreating] = useState(false);
  const create = <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>{t('users.create')}</Button>;
  const form = useMemo(() => userForm(t), [t]);
  return (
    <Page title={t('menu.users')} subtitle={t('users.text')} actions={create}>
      <ResourceList<User>
        path="core/users"
        label={t('menu.users')}
        columns={useColumns()}
        filters={useFilters()}
        actions={useActions()}
        to={({ pk }) => `users/${pk}`}
        empty={<Empty title={t('users.none')} text={t('users.noneText')} action={create} />}
      />
      <FormDrawer
        form={form}
        title={t('users.create')}
        open={creating}
        onClose={() => setCreating(false)}
        onSaved={(row) => go(`users/${(row as unknown as User).pk}`)}
      />
    </Page>
  );
}

function useColumns(): Column<User>[] {
  const { t } = useTranslation();
  return useMemo(() => [
    { key: 'username', title: t('users.field.person'), sort: true, render: (user) => <Person user={user} />, csv: 'username' },
    { key: 'email', title: t('users.field.email'), sort: true },
    { key: 'is_active', title: t('users.field.status'), sort: true, render: (user) => <Status user={user} /> },
    { key: 'groups_obj', title: t('users.field.groups'), render: ({ groups_obj }) => <Tags names={(groups_obj ?? []).map(({ name }) => name)} />, csv: false },
    { key: 'sources', title: t('users.field.source'), render: (user) => <Tags names={sourcesOf(user)} />, csv: false, hidden: true },
    { key: 'last_login', title: t('users.field.last_login'), sort: true, render: ({ last_login }) => <When time={last_login} /> },
    { key: 'name', title: t('users.field.name'), sort: true, hidden: true },
    { key: 'type', title: t('users.field.type'), sort: true, hidden: true, render: ({ type }) => t(`users.type.${type}`) },
    { key: 'path', title: t('users.field.path'), sort: true, hidden: true },
    { key: 'date_joined', title: t('users.field.date_joined'), sort: true, hidden: true, render: ({ date_joined }) => <When time={date_joined} /> },
    { key: 'last_updated', title: t('users.field.last_updated'), sort: true, hidden: true, render: ({ last_updated }) => <When time={last_updated} /> },
    { key: 'uuid', title: t('users.field.uuid'), hidden: true },
  ], [t]);
}

function useFilters(): Filter[] {
  const { t } = useTranslation();
  return useMemo(() => [
    { name: 'is_active', label: t('users.field.is_active'), type: 'boolean' },
    { name: 'is_superuser', label: t('users.field.is_superuser'), type: 'boolean' },
    {
      name: 'groups_by_pk', label: t('users.field.group'),
      load: (search) => call<Paginated<{ pk: string; name: string }>>('GET', 'core/groups', { query: { search, include_members: false, page_size: 20 } })
        .then(({ data }) => data.results.map(({ pk, name }) => ({ value: pk, label: name }))),
    },
    {
      name: 'path_startswith', label: t('users.field.path'),
      load: (search) => call<{ paths: string[] }>('GET', 'core/users/paths')
        .then(({ data }) => data.paths.filter((path) => path.includes(search)).slice(0, 50).map((path) => ({ value: path, label: path }))),
    },
    { name: 'type', label: t('users.field.type'), type: 'multiple', options: userTypes.map((value) => ({ value, label: t(`users.type.${value}`) })) },
    { name: 'last_login__isnull', label: t('users.field.never'), type: 'boolean' },
  ], [t]);
}

function useActions(): Action<User>[] {
  const { t } = useTranslation();
  const { mutateAsync } = useChange();
  const destroy = useDestroy();
  const sure = useSure();
  const me = useMe();
  return useMemo(() => {
    const keepOut = (users: User[]) => {
      const [one] = users.length === 1 ? users : [];
      const self = users.some(({ pk }) => pk === me.pk);
      return sure({
        title: one ? t('users.deactivate.title', { name: nameOf(one) }) : t('users.deactivate.titleMany', { count: users.length }),
        text: t(!self ? 'users.deactivate.text' : one ? 'users.deactivate.textSelf' : 'users.deactivate.textWithSelf'), yes: t('users.deactivate.do'), danger: true,
      });
    };
    const activate = (is_active: boolean) => ({ pk }: User) => mutateAsync({ method: 'PATCH', path: `core/users/${pk}`, body: { is_active } }).then(() => {});
    const remove = (users: User[]) => destroy({
      objects: users.map((user) => ({ path: `core/users/${user.pk}`, name: user.username })), noun: t('users.one'), consequence: t('users.delete.consequence'), grave: true,
    });
    return [
      { key: 'activate', label: t('users.activate.do'), icon: <CheckCircleOutlined />, many: true, show: ({ is_active }) => !is_active, run: activate(true) },
      { key: 'deactivate', label: t('users.deactivate.do'), icon: <StopOutlined />, many: true, show: ({ is_active }) => is_active, ask: keepOut, run: activate(false) },
      { key: 'delete', label: t('directory.delete'), icon: <DeleteOutlined />, danger: true, many: true, run: (user) => void remove([user]), runMany: remove },
    ];
  }, [t, mutateAsync, destroy, sure, me.pk]);
}

/** Whether somebody may sign in, and whether as an administrator. */
export function Status({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <>
      <Mark tone={user.is_active ? 'good' : 'plain'}>{t(user.is_active ? 'users.state.active' : 'users.state.inactive')}</Mark>
      {user.is_superuser && <Mark tone="careful">{t('users.state.administrator')}</Mark>}
    </>
  );
}

/** The first few names, and how many more there are. */
export function Tags({ names }: { names: readonly string[] }) {
  const { t } = useTranslation();
  if (names.length === 0) return <Typography.Text type="secondary">–</Typography.Text>;
  return (
    <>
      {names.slice(0, 3).map((name) => <Mark key={name}>{name}</Mark>)}
      {names.length > 3 && <Typography.Text type="secondary" title={names.slice(3).join(', ')}>{t('directory.more', { count: names.length - 3 })}</Typography.Text>}
    </>
  );
}

