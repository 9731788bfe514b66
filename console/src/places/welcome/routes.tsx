import type { Place } from '..';

/** The first hour: from the set-up link to the first sign-in. It stands in no menu. */
export const welcome: Place = { key: 'welcome', label: 'welcome.label', icon: null, menu: [], routes: [{ path: 'welcome', page: () => import('./Welcome') }] };
