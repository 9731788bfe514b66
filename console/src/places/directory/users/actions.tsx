import { DeleteOutlined, DownOutlined, KeyOutlined, LinkOutlined, LockOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useDestroy, useGo, useMe } from '../../../shell';
import { useDo } from '../useDo';
import { useSure } from '../useSure';
import { Password } from './Password';
import { Recovery } from './Recovery';
import type { User } from './user';
import { nameOf } from './user';

/** What can be done with a user as a whole. */
export function UserActions({ user }: { user: User }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'recovery' | 'password' | null>(null);
  const toggle = useToggle(user);
  const remove = useRemove(user);
  return (
    <>
      <Button icon={<LinkOutlined />} onClick={() => setOpen('recovery')}>{t('users.recovery.do')}</Button>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'password', label: t('users.password.do'), icon: <KeyOutlined />, onClick: () => setOpen('password') },
            { key: 'active', label: t(user.is_active ? 'users.deactivate.do' : 'users.activate.do'), icon: <LockOutlined />, onClick: toggle },
            { type: 'divider' },
            { key: 'delete', label: t('directory.delete'), icon: <DeleteOutlined />, danger: true, onClick: remove },
          ],
        }}
      >
        <Button>{t('directory.moreActions')} <DownOutlined aria-hidden /></Button>
      </Dropdown>
      {open === 'recovery' && <Recovery user={user} onClose={() => setOpen(null)} onPassword={() => setOpen('password')} />}
      {open === 'password' && <Password user={user} onClose={() => setOpen(null)} />}
    </>
  );
}

/** Deactivates somebody, who is signed out by that, or lets them in again. */
function useToggle(user: User) {
  const { t } = useTranslation();
  const act = useDo();
  const sure = useSure();
  const me = useMe();
  const change = (is_active: boolean) =>
    act({ method: 'PATCH', path: `core/users/${user.pk}`, body: { is_active } }, t(is_active ? 'users.activate.done' : 'users.deactivate.done'));
  return () => {
    if (!user.is_active) return void change(true);
    void sure({
      title: t('users.deactivate.title', { name: nameOf(user) }), text: t(user.pk === me.pk ? 'users.deactivate.textSelf' : 'users.deactivate.text'), yes: t('users.deactivate.do'), danger: true,
      run: () => change(false),
    });
  };
}

function useRemove(user: User) {
  const { t } = useTranslation();
  const destroy = useDestroy();
  const go = useGo();
  return () => destroy({
    objects: [{ path: `core/users/${user.pk}`, name: user.username }], noun: t('users.one'), consequence: t('users.delete.consequence'), grave: true,
    onDone: () => go('users', { replace: true }),
  });
}
