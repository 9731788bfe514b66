import { Flex, Tabs, Typography } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useObject } from '../../../api/query';
import { Loading, Page, Problem, useAddress, useParam, When } from '../../../shell';
import { Mark } from '../Mark';
import { Face } from '../Person';
import { UserActions } from './actions';
import { Overview } from './Overview';
import { Status } from './Users';
import type { User } from './user';
import { nameOf, sourcesOf } from './user';

const Connections = lazy(() => import('./Connections').then(({ Connections }) => ({ default: Connections })));
const Sessions = lazy(() => import('./Sessions').then(({ Sessions }) => ({ default: Sessions })));
const Authenticators = lazy(() => import('./Authenticators').then(({ Authenticators }) => ({ default: Authenticators })));
const UserGroups = lazy(() => import('./UserGroups').then(({ UserGroups }) => ({ default: UserGroups })));
const UserApplications = lazy(() => import('./UserApplications').then(({ UserApplications }) => ({ default: UserApplications })));
const UserEvents = lazy(() => import('./UserEvents').then(({ UserEvents }) => ({ default: UserEvents })));
const UserTokens = lazy(() => import('./UserTokens').then(({ UserTokens }) => ({ default: UserTokens })));
const UserEdit = lazy(() => import('./UserEdit').then(({ UserEdit }) => ({ default: UserEdit })));

/** Everything about one user. */
export default function UserPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const { data, error, refetch } = useObject<User>(`core/users/${pk}`);
  const back = { to: 'users', label: t('menu.users') };
  if (error && !data) return <Page title={t('users.one')} back={back}><Problem error={error} onRetry={() => void refetch()} /></Page>;
  if (!data) return <Page title={t('users.one')} back={back}><Loading /></Page>;
  const user = data.data;
  return (
    <Page title={nameOf(user)} subtitle={<Head user={user} />} back={back} actions={<UserActions user={user} />}>
      <UserTabs user={user} object={data} />
    </Page>
  );
}

/** Who this is, at a glance. */
function Head({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <Flex gap="small" align="center" wrap>
      <Face pk={user.pk} name={nameOf(user)} size={40} />
      <Typography.Text>{user.username}</Typography.Text>
      <Status user={user} />
      {user.type !== 'internal' && <Mark>{t(`users.type.${user.type}`)}</Mark>}
      {sourcesOf(user).map((name) => <Mark key={name} tone="told">{t('users.cameBy', { source: name })}</Mark>)}
      <Typography.Text type="secondary">{t('users.field.last_login')}: <When time={user.last_login} /></Typography.Text>
    </Flex>
  );
}

function UserTabs({ user, object }: { user: User; object: { data: User; etag?: string } }) {
  const { t } = useTranslation();
  const [{ tab = 'overview' }, change] = useAddress();
  const tabs = {
    overview: <Overview user={user} />,
    connections: <Connections user={user} />,
    sessions: <Sessions user={user} />,
    authenticators: <Authenticators user={user} />,
    groups: <UserGroups user={user} />,
    applications: <UserApplications user={user} />,
    events: <UserEvents user={user} />,
    tokens: <UserTokens user={user} />,
    edit: <UserEdit object={object} />,
  };
  return (
    <Tabs
      activeKey={tab in tabs ? tab : 'overview'}
      onChange={(key) => change({ tab: key === 'overview' ? undefined : key })}
      // What was typed into the form stands there when one comes back.
      items={Object.entries(tabs).map(([key, page]) => ({ key, destroyOnHidden: key !== 'edit', label: t(`users.tab.${key}`), children: <Suspense fallback={<Loading />}>{page}</Suspense> }))}
    />
  );
}
