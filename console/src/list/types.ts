import type { ReactNode } from 'react';

import type { Query } from '../api/client';
import type { Row } from '../api/query';

/** A column of a list. */
export interface Column<T> {
  /** The property shown, where render does not say otherwise; also the column's name in the address bar. */
  key: string;
  title: string;
  render?: (row: T) => ReactNode;
  /** Whether the server can sort by it; a text is the server's name for it. */
  sort?: boolean | string;
  /** Not shown until somebody chooses it. */
  hidden?: boolean;
  width?: number | string;
  /** The property in the exported file where it is another; false leaves it out. */
  csv?: string | false;
}

export interface FilterOption {
  value: string;
  label: string;
}

/** A way to narrow a list: a parameter of the API. */
export interface Filter {
  name: string;
  label: string;
  /** time is a range: the API's parameters are name__gte and name__lt. */
  type?: 'select' | 'multiple' | 'boolean' | 'text' | 'time';
  options?: FilterOption[];
  /** Gives options for what is typed, where there are too many to list. */
  load?: (search: string) => Promise<FilterOption[]>;
}

/** What can be done with a row, or with many at once. */
export interface Action<T> {
  key: string;
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  /** Offered in the menu of a row. Default true. */
  one?: boolean;
  /** Offered for selected rows; each is run in turn, with progress. */
  many?: boolean;
  /** Whether it makes sense for a row. */
  show?: (row: T) => boolean;
  run: (row: T) => Promise<void> | void;
  /** Asks before run, once for all rows, and gives what was answered. */
  ask?: (rows: T[]) => Promise<boolean>;
  /** In place of run, for many rows: one question for all of them. It gives which of them are done, in their order. */
  runMany?: (rows: T[]) => Promise<readonly boolean[]>;
}

export interface ResourceListProps<T> {
  /** The collection in the API: "core/users". */
  path: string;
  columns: Column<T>[];
  /** The property that tells rows apart. */
  rowKey?: string;
  /** What the table is, for screen readers, and the name of an exported file. */
  label: string;
  /** Whether the collection can be searched. Default true. */
  search?: boolean;
  filters?: Filter[];
  actions?: Action<T>[];
  /** Beside the search: "create" and such. */
  toolbar?: ReactNode;
  /** Parameters that always hold. */
  query?: Query;
  /** Stands there when there is nothing at all. */
  empty?: ReactNode;
  /** Where a row leads. */
  to?: (row: T) => string;
  /** Prefix of this list's names in the address bar, where a page has several. */
  scope?: string;
  /** Whether it can be exported. Default true. */
  csv?: boolean;
  /** More about a row, below it. */
  expand?: (row: T) => ReactNode;
  /** The API's order where none is chosen: "-created". */
  defaultOrder?: string;
}

export type { Row };
