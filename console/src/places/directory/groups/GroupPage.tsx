import { DeleteOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Tabs } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useGet, useObject } from '../../../api/query';
import { SchemaForm } from '../../../form';
import { formatNumber } from '../../../i18n/format';
import { Empty, Facts, Go, Loading, Page, Problem, useAddress, useDestroy, useGo, useParam, useSay } from '../../../shell';
import { Section } from '../Section';
import { Attributes } from '../users/attributes';
import { GroupConnections } from './GroupConnections';
import { Rights } from './Groups';
import type { Group, Related } from './group';
import { groupForm, withoutMembers } from './group';
import { Members } from './Members';
import { Uses } from './Uses';

/** Everything about one group. */
export default function GroupPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const go = useGo();
  const destroy = useDestroy();
  // The object has the version that a change is based on, the other answer the names of the groups around it.
  const { data, error, refetch } = useObject<Group>(`core/groups/${pk}`, true, withoutMembers);
  const around = useGet<Group>(`core/groups/${pk}`, { ...withoutMembers, include_parents: true, include_children: true });
  const back = { to: 'groups', label: t('menu.groups') };
  if (error && !data) return <Page title={t('groups.one')} back={back}><Problem error={error} onRetry={() => void refetch()} /></Page>;
  if (!data) return <Page title={t('groups.one')} back={back}><Loading /></Page>;
  const group = data.data;
  const remove = () => destroy({
    objects: [{ path: `core/groups/${pk}`, name: group.name }], noun: t('groups.one'), consequence: t('groups.delete.consequence'), onDone: () => go('groups', { replace: true }),
  });
  return (
    <Page
      title={group.name}
      subtitle={t('groups.members', { count: group.users_count })}
      back={back}
      actions={<Button danger icon={<DeleteOutlined />} onClick={remove}>{t('directory.delete')}</Button>}
    >
      <GroupTabs group={group} object={data} {...(around.data && { around: around.data })} />
    </Page>
  );
}

function GroupTabs({ group, object, around }: { group: Group; object: { data: Group; etag?: string }; around?: Group }) {
  const { t } = useTranslation();
  const [{ tab = 'overview' }, change] = useAddress();
  const tabs = {
    overview: <Overview group={group} {...(around && { around })} />,
    members: <Members group={group} />,
    connections: <GroupConnections group={group} />,
    edit: <Edit object={object} />,
  };
  return (
    <Tabs
      activeKey={tab in tabs ? tab : 'overview'}
      onChange={(key) => change({ tab: key === 'overview' ? undefined : key })}
      // What was typed into the form stands there when one comes back.
      items={Object.entries(tabs).map(([key, children]) => ({ key, destroyOnHidden: key !== 'edit', label: t(`groups.tab.${key}`), children }))}
    />
  );
}

function Overview({ group, around }: { group: Group; around?: Group }) {
  const { t } = useTranslation();
  return (
    <div className="directory-stack">
      {group.is_superuser && <Alert type="warning" showIcon title={t('groups.superuser.title')} description={t('groups.superuser.text')} />}
      <Section title={t('groups.one')}>
        <Facts
          items={[
            { label: t('groups.field.name'), value: group.name },
            { label: t('groups.field.rights'), value: <Rights administrator={group.is_superuser} /> },
            { label: t('groups.field.users'), value: formatNumber(group.users_count) },
            { label: t('users.field.uuid'), value: <code className="directory-break">{group.pk}</code> },
            { label: t('groups.field.parents'), value: <Links groups={around?.parents_obj ?? []} /> },
            { label: t('groups.field.children'), value: <Links groups={around?.children_obj ?? []} /> },
          ]}
        />
      </Section>
      <Section title={t('users.field.attributes')} text={t('groups.attributesText')}>
        {Object.keys(group.attributes).length > 0 ? <Attributes of={group.attributes} /> : <Empty title={t('users.noAttributes')} />}
      </Section>
      <Uses of="group" pk={group.pk} />
    </div>
  );
}

function Links({ groups }: { groups: readonly Related[] }) {
  const { t } = useTranslation();
  if (groups.length === 0) return t('groups.noneAround');
  return <Flex wrap gap="small">{groups.map(({ pk, name }) => <Go key={pk} to={`groups/${pk}`}>{name}</Go>)}</Flex>;
}

function Edit({ object }: { object: { data: Group; etag?: string } }) {
  const { t } = useTranslation();
  const say = useSay();
  const [, change] = useAddress();
  const form = useMemo(() => groupForm(t), [t]);
  const [round, setRound] = useState(0);
  // The tab is kept while others are looked at; to cancel begins it anew.
  const cancel = () => {
    setRound(round + 1);
    change({ tab: undefined });
  };
  return (
    <Section title={t('groups.tab.edit')} narrow>
      <SchemaForm
        key={round}
        form={form}
        object={object as unknown as { data: Row; etag?: string }}
        onSaved={() => {
          say.done(t('directory.saved'));
          change({ tab: undefined });
        }}
        onCancel={cancel}
      />
    </Section>
  );
}
