// The frame around every page: the menu, the search for a support code, language, look and account.

import { LockOutlined, MenuOutlined } from '@ant-design/icons';
import { Outlet, useLocation } from '@tanstack/react-router';
import { Button, Drawer, Flex, Grid, Layout, Menu, Spin } from 'antd';
import type { ItemType } from 'antd/es/menu/interface';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/client';
import { useGet } from '../api/query';
import { places } from '../places';
import { Controls, SupportCode } from './Controls';
import { Destroyer } from './Destroy';
import { Go } from './Go';
import { type Me, MeContext } from './me';
import { SessionGuard, signInAddress } from './session';
import { Empty, Problem } from './states';

export function Shell() {
  const { data, error, refetch } = useGet<{ user: Me }>('core/users/me');
  const { pathname, searchStr } = useLocation();
  const signedOut = error instanceof ApiError && error.signedOut && !data;
  useEffect(() => {
    if (signedOut) window.location.assign(signInAddress(`/if/admin${pathname}${searchStr}`));
  }, [signedOut, pathname, searchStr]);
  if (data && !data.user.is_superuser) return <Forbidden name={data.user.name || data.user.username} />;
  if (data) return <MeContext value={data.user}><Destroyer><Frame /></Destroyer></MeContext>;
  if (error && !signedOut) return <main><Problem error={error} onRetry={() => void refetch()} /></main>;
  return <Flex justify="center" align="center" className="whole"><Spin size="large" /></Flex>;
}

/** For somebody who is signed in and no administrator. */
function Forbidden({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <main>
      <h1 className="result-title">{t('shell.forbidden.title')}</h1>
      <Empty
        icon={<LockOutlined />}
        text={t('shell.forbidden.text', { name })}
        action={(
          <Flex gap="small" wrap justify="center">
            <Button type="primary" href="/if/user/">{t('shell.forbidden.account')}</Button>
            <Button href={`/flows/-/default/invalidation/?next=${encodeURIComponent('/if/admin/')}`}>{t('shell.forbidden.other')}</Button>
          </Flex>
        )}
      />
    </main>
  );
}

function Frame() {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().lg ?? true;
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  useEffect(() => setOpen(false), [pathname]);
  return (
    <Layout className="frame">
      <a className="skip-link" href="#content">{t('shell.skip')}</a>
      {wide && (
        <Layout.Sider theme="light" width={256} className="frame-side" aria-label={t('shell.sidebar')}>
          <Brand />
          <nav aria-label={t('shell.menu')}><Places /></nav>
        </Layout.Sider>
      )}
      <Layout>
        <header className="frame-head">
          {!wide && <Button type="text" icon={<MenuOutlined />} aria-label={t('shell.openMenu')} onClick={() => setOpen(true)} />}
          {!wide && <Brand />}
          <div className="frame-search"><SupportCode /></div>
          <Controls />
        </header>
        <SessionGuard />
        <main id="content" className="frame-main" tabIndex={-1}>
          <Suspense fallback={<Flex justify="center"><Spin /></Flex>}><Outlet /></Suspense>
        </main>
      </Layout>
      <Drawer open={open && !wide} onClose={() => setOpen(false)} placement="left" size={280} title={t('shell.menu')}>
        <nav aria-label={t('shell.menu')}><Places /></nav>
      </Drawer>
    </Layout>
  );
}

function Brand() {
  const { t } = useTranslation();
  return <Go to="" className="frame-brand"><img src="/if/admin/mark.svg" alt="" width={28} height={28} />{t('shell.product')}</Go>;
}

/** The menu of places. The entry whose address the page's address begins with is the current one. */
function Places() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const here = pathname.replace(/^\/(if\/admin\/?)?/, '').split('/')[0] ?? '';
  const entry = (to: string, label: string) => ({ key: to || 'home', label: <Go to={to}>{t(label)}</Go> });
  const items: ItemType[] = places.filter(({ menu }) => menu.length > 0).flatMap(({ key, label, icon, menu }, i): ItemType[] => {
    const [only] = menu;
    // An entry of its own stands between lines, so that it is not taken for one of the group above it.
    if (menu.length === 1 && only) return [...(i > 0 ? [{ key: `${key} before`, type: 'divider' as const }] : []), { ...entry(only.to, only.label), icon, className: 'frame-menu-own' }, { key: `${key} after`, type: 'divider' as const }];
    return [{ key, type: 'group', label: <><span aria-hidden>{icon}</span> {t(label)}</>, children: menu.map(({ to, label }) => entry(to, label)) }];
  });
  return <Menu mode="inline" selectedKeys={[here || 'home']} items={items} className="frame-menu" />;
}
