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
    { to: 'reputation', label: 'reputation.title' },
  ],
  routes: [
    { path: 'users', page: () => import('./users/Users') },
    { path: 'users/$pk', page: () => import('./users/UserPage') },
    { path: 'groups', page: () => import('./groups/Groups') },
    { path: 'groups/$pk', page: () => import('./groups/GroupPage') },
    { path: 'tokens', page: () => import('./tokens/Tokens') },
    { path: 'invitations', page: () => import('./invitations/Invitations') },
    { path: 'invitations/$pk', page: () => import('./invitations/InvitationPage') },
    { path: 'reputation', page: () => import('./reputation/Reputation') },
  ],
};
