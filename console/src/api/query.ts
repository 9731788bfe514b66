// Reading and changing objects through one cache.

import { hashKey, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import type { Answer, Paginated, Query } from './client';
import { ApiError, call } from './client';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, err) => count < 2 && err instanceof ApiError && err.lost,
    },
    mutations: { retry: false },
  },
});

/** An object of whatever kind, as the API answers it. */
export type Row = Record<string, unknown>;

const key = (path: string, query?: Query) => [...path.replace(/^\/|\/$/g, '').split('/'), ...(query ? [query] : [])];

/**
 * A page of a list. The query says whose rows they are, the view which of them are looked at: while only the view changes, the old rows stay until the new ones are here. Those of
 * somebody else never do.
 */
export function useList<T = Row>(path: string, query: Query = {}, enabled = true, view: Query = {}) {
  const whose = key(path, query);
  return useQuery<Paginated<T>>({
    queryKey: [...whose, view],
    queryFn: ({ signal }) => call<Paginated<T>>('GET', path, { query: { ...query, ...view }, signal }).then(({ data }) => data),
    placeholderData: ((old: Paginated<T> | undefined, before?: { queryKey: readonly unknown[] }) => (before && hashKey(before.queryKey.slice(0, -1)) === hashKey(whose) ? old : undefined)) as never,
    enabled,
  });
}

/** One answer of the API that is not a list of pages: an object, a list of types, the settings. */
export function useGet<T = Row>(path: string, query: Query = {}, enabled = true) {
  return useQuery({
    queryKey: key(path, query),
    queryFn: ({ signal }) => call<T>('GET', path, { query, signal }).then(({ data }) => data),
    enabled,
  });
}

/** One object with its version, for a form that will change it. */
export function useObject<T = Row>(path: string, enabled = true, query?: Query) {
  return useQuery({
    queryKey: [...key(path, query), 'versioned'],
    queryFn: ({ signal }) => call<T>('GET', path, { ...(query && { query }), signal }),
    enabled,
    staleTime: 0,
  });
}

export interface Change {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Query;
  body?: unknown;
  ifMatch?: string;
}

const at = (path: string, version: string) => `${path.replace(/^\/|\/$/g, '')} ${version}`;

/** The versions that changes of this page led to, by those that they were made on. */
const made = new Map<string, string>();

/** Whether nobody but this page led from one version of an object to another: another tab or form of it, which is no news to whoever sits here. */
export function ownWay(path: string, from: string | undefined, to: string | undefined): boolean {
  const seen = new Set<string>();
  for (let version = from; version && to && !seen.has(version); version = made.get(at(path, version))) {
    if (version === to) return true;
    seen.add(version);
  }
  return false;
}

/**
 * Changes something. Whatever is shown of the same collection, and of others that may refer to it, is read anew afterwards.
 *
 * @param wait whether the change counts as done only when that has been read. What shows the answer itself need not wait.
 */
export function useChange<T = Row>({ wait = true } = {}) {
  const client = useQueryClient();
  return useMutation<Answer<T>, ApiError, Change>({
    mutationFn: async ({ method, path, query, body, ifMatch }) => {
      const answer = await call<T>(method, path, { ...(query && { query }), body, ...(ifMatch && { ifMatch }) });
      if (ifMatch && answer.etag && answer.etag !== ifMatch) made.set(at(path, ifMatch), answer.etag);
      return answer;
    },
    // Configuration refers to configuration, and all of it is small: what is on the screen is asked for again.
    onSuccess: () => {
      const read = client.invalidateQueries();
      return wait ? read : undefined;
    },
  });
}
