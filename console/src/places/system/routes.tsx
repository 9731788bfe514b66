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
  routes: [],
};
