import type { Place } from '..';

/** Federation and social login. It stands in the menu of the directory. */
export const sources: Place = { key: 'sources', label: 'menu.sources', icon: null, menu: [], routes: [] };
