import { Button, Flex } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { queryClient, useChange } from '../../../api/query';
import { ReferenceSelect } from '../../../form';
import { ResourceList } from '../../../list';
import { Empty, useSay, When } from '../../../shell';
import { Person } from '../Person';
import { Section } from '../Section';
import { useSure } from '../useSure';
import { Status } from '../users/Users';
import type { User } from '../users/user';
import { nameOf } from '../users/user';
import type { Group } from './group';

/** Who belongs to a group, and who is to. */
export function Members({ group }: { group: Group }) {
  const { t } = useTranslation();
  const { mutateAsync } = useChange();
  return (
    <Section title={t('groups.tab.members')} text={t(group.is_superuser ? 'groups.membersAdministrators' : 'groups.membersText')}>
      <div className="directory-stack">
        <AddMembers group={group} />
        <ResourceList<User>
          path="core/users"
          query={{ groups_by_pk: group.pk }}
          scope="members"
          label={t('groups.tab.members')}
          to={({ pk }) => `users/${pk}`}
          columns={[
            { key: 'username', title: t('users.field.person'), sort: true, render: (user) => <Person user={user} /> },
            { key: 'email', title: t('users.field.email'), sort: true },
            { key: 'is_active', title: t('users.field.status'), sort: true, render: (user) => <Status user={user} /> },
            { key: 'last_login', title: t('users.field.last_login'), sort: true, render: ({ last_login }) => <When time={last_login} /> },
          ]}
          actions={[{
            key: 'remove', label: t('groups.removeMember'), danger: true, many: true,
            run: ({ pk }) => mutateAsync({ method: 'POST', path: `core/groups/${group.pk}/remove_user`, body: { pk } }).then(() => {}),
          }]}
          empty={<Empty title={t('groups.noMembers')} text={t('groups.noMembersText')} />}
        />
      </div>
    </Section>
  );
}

function AddMembers({ group }: { group: Group }) {
  const { t } = useTranslation();
  const say = useSay();
  const sure = useSure();
  const [chosen, setChosen] = useState<User[]>([]);
  const [busy, setBusy] = useState(false);
  const add = async () => {
    setBusy(true);
    const left = [...chosen];
    try {
      for (const { pk } of chosen) {
        await call('POST', `core/groups/${group.pk}/add_user`, { body: { pk } });
        left.shift();
      }
      say.done(t('groups.added', { count: chosen.length }));
    } catch (err) {
      say.failed(err);
    }
    setChosen(left);
    setBusy(false);
    await queryClient.invalidateQueries();
  };
  const ask = () => {
    if (!group.is_superuser) return void add();
    sure({
      title: t('groups.superuser.addTitle', { count: chosen.length }), text: t('groups.superuser.addText', { names: chosen.map(nameOf).join(t('directory.comma')) }), yes: t('groups.add'), run: add,
    });
  };
  return (
    <Flex gap="small" wrap align="center">
      <div className="directory-add">
        <ReferenceSelect
          to="user"
          multiple
          value={chosen.map(({ pk }) => pk)}
          onChange={(_, rows) => setChosen((rows ?? []) as unknown as User[])}
          query={{ include_groups: 'false' }}
          label={t('groups.chooseMembers')}
          placeholder={t('groups.chooseMembers')}
        />
      </div>
      <Button type="primary" disabled={chosen.length === 0} loading={busy} onClick={ask}>{t('groups.add')}</Button>
    </Flex>
  );
}
