// Which page stands at which address. Each place lists its own in its folder.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

import { places } from './places';
import { Missing } from './shell/Missing';
import { PageFault } from './shell/PageFault';
import { Shell } from './shell/Shell';

/** A page of a place. */
export interface PageRoute {
  /** Below /if/admin, with $name for a part that varies: "users/$pk". */
  path: string;
  /** Fetched when the page is first opened. Its default export is the page. */
  page: () => Promise<{ default: () => React.ReactNode }>;
}

export function makeRouter() {
  const root = createRootRoute({ component: Shell, notFoundComponent: Missing });
  const pages = places.flatMap(({ routes }) => routes).map(({ path, page }) =>
    createRoute({ getParentRoute: () => root, path: path || '/', component: lazyRouteComponent(page) }));
  return createRouter({
    routeTree: root.addChildren(pages),
    basepath: '/if/admin',
    defaultErrorComponent: PageFault,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}
