import type { Place } from '..';

/** Federation and social login. It stands in the menu of the directory. */
export const sources: Place = {
  key: 'sources',
  label: 'menu.sources',
  icon: null,
  menu: [],
  routes: [
    { path: 'sources', page: () => import('./Sources') },
    { path: 'sources/new', page: () => import('./NewSource') },
    { path: 'sources/$slug', page: () => import('./SourcePage') },
  ],
};
