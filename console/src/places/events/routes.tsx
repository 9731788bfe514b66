import { HistoryOutlined } from '@ant-design/icons';

import type { Place } from '..';

export const events: Place = {
  key: 'events',
  label: 'menu.events',
  icon: <HistoryOutlined />,
  menu: [{ to: 'events', label: 'menu.events' }],
  routes: [
    { path: 'events', page: () => import('./Events') },
    { path: 'events/$pk', page: () => import('./EventPage') },
    { path: 'traces/$code', page: () => import('./TracePage') },
  ],
};
