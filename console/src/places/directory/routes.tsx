import { TeamOutlined } from '@ant-design/icons';

import type { Place } from '..';

export const directory: Place = {
  key: 'directory',
  label: 'menu.directory',
  icon: <TeamOutlined />,
  menu: [
    { to: 'users', label: 'menu.users' },
    { to: 'groups', label: 'menu.groups' },
    { to: 'sources', label: 'menu.sources' },
    { to: 'tokens', label: 'menu.tokens' },
    { to: 'invitations', label: 'menu.invitations' },
  ],
  routes: [],
};
