import { DesktopOutlined, LogoutOutlined, MobileOutlined } from '@ant-design/icons';
import { Button, Flex, Tooltip, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { queryClient, useChange } from '../../../api/query';
import type { Column } from '../../../list';
import { ResourceList } from '../../../list';
import { Empty, useSay, When } from '../../../shell';
import { Mark } from '../Mark';
import { Section } from '../Section';
import { useSure } from '../useSure';
import { deviceOf } from './device';
import type { User } from './user';
import { nameOf } from './user';

interface Session {
  uuid: string;
  current: boolean;
  last_ip: string;
  last_user_agent: string;
  last_used: string;
  created: string;
  expires: string;
  source: string;
  auth_method: string;
  geo_ip: { city?: string; country?: string } | null;
}

const path = 'core/authenticated_sessions';

/** Where a user is signed in. */
export function Sessions({ user }: { user: User }) {
  const { t } = useTranslation();
  const { mutateAsync } = useChange();
  const say = useSay();
  const sure = useSure();
  const end = ({ uuid }: Session) => mutateAsync({ method: 'DELETE', path: `${path}/${uuid}` }).then(() => say.done(t('users.sessions.ended')));
  const endAll = () => sure({
    title: t('users.sessions.endAllTitle', { name: nameOf(user) }), text: t('users.sessions.endAllText'), yes: t('users.sessions.endAll'), danger: true,
    run: () => call<{ deleted: number }>('DELETE', `${path}/bulk_delete`, { query: { user_pks: user.pk } })
      .then(async ({ data }) => {
        say.done(t('users.sessions.endedMany', { count: data.deleted }));
        await queryClient.invalidateQueries();
      })
      .catch(say.failed),
  });
  const columns: Column<Session>[] = [
    { key: 'device', title: t('users.sessions.device'), render: (session) => <Where session={session} /> },
    {
      key: 'last_ip', title: t('users.sessions.place'),
      render: ({ last_ip, geo_ip }) => <><code>{last_ip}</code>{geo_ip && <Typography.Text type="secondary"> {[geo_ip.city, geo_ip.country].filter(Boolean).join(', ')}</Typography.Text>}</>,
    },
    { key: 'source', title: t('users.sessions.by'), render: (session) => <By session={session} /> },
    { key: 'last_used', title: t('users.sessions.used'), render: ({ last_used }) => <When time={last_used} /> },
    { key: 'created', title: t('users.sessions.created'), render: ({ created }) => <When time={created} /> },
    { key: 'expires', title: t('users.sessions.expires'), hidden: true, render: ({ expires }) => <When time={expires} /> },
  ];
  return (
    <Section
      title={t('users.tab.sessions')}
      text={t('users.sessions.text')}
      actions={<Button danger icon={<LogoutOutlined />} onClick={endAll}>{t('users.sessions.endAll')}</Button>}
    >
      <ResourceList<Session>
        path={path}
        query={{ user__username: user.username }}
        rowKey="uuid"
        scope="sessions"
        label={t('users.tab.sessions')}
        search={false}
        csv={false}
        columns={columns}
        actions={[{ key: 'end', label: t('users.sessions.end'), icon: <LogoutOutlined />, danger: true, many: true, run: end }]}
        empty={<Empty title={t('users.sessions.none')} text={t('users.sessions.noneText')} />}
      />
    </Section>
  );
}

/** "Chrome on Windows", with the whole User-Agent to be had. */
function Where({ session }: { session: Session }) {
  const { t } = useTranslation();
  const { browser, system, handheld } = deviceOf(session.last_user_agent);
  const named = /^[a-z]+$/.test(browser) && browser !== 'curl' ? t(`users.browser.${browser}`) : browser;
  const text = system ? t('users.sessions.on', { browser: named || t('users.sessions.browser'), system }) : named || t('users.sessions.unknown');
  return (
    <Flex gap="small" align="center">
      {handheld ? <MobileOutlined aria-hidden /> : <DesktopOutlined aria-hidden />}
      <Tooltip title={session.last_user_agent}><span>{text}</span></Tooltip>
      {session.current && <Mark tone="good">{t('users.sessions.current')}</Mark>}
    </Flex>
  );
}

/** How the person proved who they are. */
function By({ session: { source, auth_method } }: { session: Session }) {
  const { t } = useTranslation();
  return source || (auth_method && t(`users.sessions.method.${auth_method}`, { defaultValue: auth_method })) || '–';
}
