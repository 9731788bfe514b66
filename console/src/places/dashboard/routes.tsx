import { DashboardOutlined } from '@ant-design/icons';

import type { Place } from '..';

export const dashboard: Place = {
  key: 'dashboard',
  label: 'menu.dashboard',
  icon: <DashboardOutlined />,
  menu: [{ to: '', label: 'menu.dashboard' }],
  routes: [{ path: '', page: () => import('./Dashboard') }],
};
