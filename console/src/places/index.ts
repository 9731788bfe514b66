// The places of the console, in the order of the menu.

import type { ReactNode } from 'react';

import type { PageRoute } from '../router';
import { applications } from './applications/routes';
import { dashboard } from './dashboard/routes';
import { directory } from './directory/routes';
import { events } from './events/routes';
import { flows } from './flows/routes';
import { sources } from './sources/routes';
import { system } from './system/routes';
import { welcome } from './welcome/routes';

/** An entry of the menu. */
export interface MenuEntry {
  /** Below /if/admin: "users". */
  to: string;
  /** The key of its name among the texts. */
  label: string;
}

/** A place: a heading of the menu with its pages. */
export interface Place {
  key: string;
  label: string;
  icon: ReactNode;
  /** A place with one entry is that entry itself. */
  menu: MenuEntry[];
  routes: PageRoute[];
}

export const places: Place[] = [dashboard, applications, directory, sources, flows, events, system, welcome];
