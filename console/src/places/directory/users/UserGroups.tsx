import { Alert, Button, Flex, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useChange } from '../../../api/query';
import { ReferenceSelect } from '../../../form';
import { SmallTable } from '../../../list';
import { Empty, useSay } from '../../../shell';
import { Mark } from '../Mark';
import { Section } from '../Section';
import { useDo } from '../useDo';
import { useRefused } from '../useRefused';
import { useSure } from '../useSure';
import type { User } from './user';
import { nameOf } from './user';

type Membership = NonNullable<User['groups_obj']>[number];

/** The groups that a user is a member of by itself. */
export function UserGroups({ user }: { user: User }) {
  const { t } = useTranslation();
  const act = useDo();
  const say = useSay();
  const refused = useRefused();
  const { mutateAsync } = useChange();
  const [chosen, setChosen] = useState<Membership | null>(null);
  const sure = useSure();
  const [busy, setBusy] = useState(false);
  const groups = user.groups_obj ?? [];
  const add = async () => {
    if (!chosen) return;
    setBusy(true);
    if (await act({ method: 'POST', path: `core/groups/${chosen.pk}/add_user`, body: { pk: user.pk } }, t('users.groups.added'))) setChosen(null);
    setBusy(false);
  };
  const ask = () => {
    if (!chosen?.is_superuser) return void add();
    sure({ title: t('groups.superuser.addTitle', { count: 1 }), text: t('groups.superuser.addText', { names: nameOf(user) }), yes: t('users.groups.add'), run: add });
  };
  const remove = ({ pk }: Membership) =>
    mutateAsync({ method: 'POST', path: `core/groups/${pk}/remove_user`, body: { pk: user.pk } }).then(() => say.done(t('users.groups.removed')), refused);
  return (
    <Section title={t('users.tab.groups')} text={t('users.groups.text')}>
      <div className="directory-stack">
        <Flex gap="small" wrap align="center">
          <div className="directory-add">
            <ReferenceSelect
              to="group" value={chosen?.pk ?? null} onChange={(_, [row] = []) => setChosen(row ? (row as unknown as Membership) : null)}
              label={t('users.groups.choose')} placeholder={t('users.groups.choose')} nullable
            />
          </div>
          <Button type="primary" disabled={!chosen || groups.some(({ pk }) => pk === chosen.pk)} loading={busy} onClick={ask}>{t('users.groups.add')}</Button>
        </Flex>
        {user.is_superuser && <Alert type="info" showIcon title={t('users.groups.administrator')} />}
        <SmallTable<Membership>
          rows={groups}
          rowKey="pk"
          label={t('users.tab.groups')}
          to={({ pk }) => `groups/${pk}`}
          columns={[
            { key: 'name', title: t('groups.field.name') },
            { key: 'is_superuser', title: t('groups.field.rights'), render: ({ is_superuser }) => (is_superuser ? <Mark tone="careful">{t('users.state.administrator')}</Mark> : <Typography.Text type="secondary">–</Typography.Text>) },
          ]}
          actions={[{ key: 'remove', label: t('users.groups.remove'), danger: true, run: remove }]}
          empty={<Empty title={t('users.groups.none')} />}
        />
      </div>
    </Section>
  );
}
