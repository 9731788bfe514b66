import { SettingOutlined } from '@ant-design/icons';

import type { Place } from '..';

export const system: Place = {
  key: 'system',
  label: 'menu.system',
  icon: <SettingOutlined />,
  menu: [
    { to: 'brands', label: 'menu.brands' },
    { to: 'certificates', label: 'menu.certificates' },
    { to: 'settings', label: 'menu.settings' },
    { to: 'status', label: 'menu.status' },
  ],
  routes: [
    { path: 'brands', page: () => import('./Brands') },
    { path: 'brands/new', page: () => import('./BrandPage') },
    { path: 'brands/$pk', page: () => import('./BrandPage') },
    { path: 'certificates', page: () => import('./Certificates') },
    { path: 'settings', page: () => import('./Settings') },
    { path: 'status', page: () => import('./Status') },
  ],
};
