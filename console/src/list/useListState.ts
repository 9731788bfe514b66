// What a list shows, kept in the address bar: page, search, order, filters and columns.

import { useCallback, useMemo } from 'react';

import type { Query } from '../api/client';
import { useAddress } from '../shell/Go';
import type { Column, Filter } from './types';

export const pageSizes = [20, 50, 100];

export interface ListState {
  page: number;
  size: number;
  search: string;
  order: string;
  /** By the API's name; several values are separated by commas. */
  filters: Record<string, string>;
  columns: string[];
  /** Whether anything narrows the list. */
  narrowed: boolean;
  /** The same as the API's parameters, without the page. */
  query: Query;
}

/** The API's parameters of a filter. */
export const namesOf = (filter: Filter) => (filter.type === 'time' ? [`${filter.name}__gte`, `${filter.name}__lt`] : [filter.name]);

export function useListState<T>(columns: Column<T>[], filters: Filter[], scope: string, defaultOrder: string) {
  const [address, change] = useAddress();
  const at = useCallback((name: string) => (scope ? `${scope}.${name}` : name), [scope]);
  const state = useMemo<ListState>(() => {
    const read = (name: string) => address[at(name)] ?? '';
    const chosen: Record<string, string> = {};
    const query: Query = {};
    for (const filter of filters) {
      for (const name of namesOf(filter)) {
        const value = read(name);
        if (!value) continue;
        chosen[name] = value;
        query[name] = filter.type === 'multiple' ? value.split(',') : value;
      }
    }
    const size = Number(read('size'));
    const order = read('order') || defaultOrder;
    return {
      page: Math.max(1, Number(read('page')) || 1),
      size: pageSizes.includes(size) ? size : 20,
      search: read('search'),
      order,
      filters: chosen,
      columns: read('columns') ? read('columns').split(',') : columns.filter(({ hidden }) => !hidden).map(({ key }) => key),
      narrowed: Boolean(read('search')) || Object.keys(chosen).length > 0,
      query: { ...query, search: read('search'), ordering: order },
    };
  }, [address, at, columns, filters, defaultOrder]);
  /** Another page is a step that "back" takes back; what is typed into a search is not. */
  const set = useCallback((names: Record<string, string | number | undefined>, options?: { replace?: boolean }) => {
    const scoped = Object.fromEntries(Object.entries(names).map(([name, value]) => [at(name), value === undefined ? undefined : String(value)]));
    change('page' in names ? scoped : { ...scoped, [at('page')]: undefined }, options);
  }, [at, change]);
  return [state, set] as const;
}
