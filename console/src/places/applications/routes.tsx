import { AppstoreOutlined } from '@ant-design/icons';

import type { Place } from '..';

export const applications: Place = {
  key: 'applications',
  label: 'menu.applications',
  icon: <AppstoreOutlined />,
  menu: [{ to: 'applications', label: 'menu.applications' }, { to: 'providers', label: 'menu.providers' }],
  routes: [
    { path: 'applications', page: () => import('./Applications') },
    { path: 'applications/new', page: () => import('./wizard/NewApplication') },
    { path: 'applications/$slug', page: () => import('./page/ApplicationPage') },
    { path: 'providers', page: () => import('./providers/Providers') },
    { path: 'providers/$pk', page: () => import('./providers/ProviderPage') },
  ],
};
