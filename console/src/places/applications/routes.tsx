import { AppstoreOutlined } from '@ant-design/icons';

import type { Place } from '..';

export const applications: Place = {
  key: 'applications',
  label: 'menu.applications',
  icon: <AppstoreOutlined />,
  menu: [{ to: 'applications', label: 'menu.applications' }, { to: 'providers', label: 'menu.providers' }],
  routes: [],
};
