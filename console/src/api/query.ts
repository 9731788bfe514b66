// Reading and changing objects through one cache.

import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

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

/** A page of a list. The old page stays while the new one is on its way. */
export function useList<T = Row>(path: string, query: Query = {}, enabled = true) {
  return useQuery<Paginated<T>>({
    queryKey: key(path, query),
    queryFn: ({ signal }) => call<Paginated<T>>('GET', path, { query, signal }).then(({ data }) => data),
    placeholderData: ((old: Paginated<T> | undefined) => old) as never,
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

/**
 * Changes something. Whatever is shown of the same collection, and of others that may refer to it, is read anew afterwards.
 */
export function useChange<T = Row>() {
  const client = useQueryClient();
  return useMutation<Answer<T>, ApiError, Change>({
    mutationFn: ({ method, path, query, body, ifMatch }) => call<T>(method, path, { ...(query && { query }), body, ...(ifMatch && { ifMatch }) }),
    // Configuration refers to configuration, and all of it is small: what is on the screen is asked for again.
    onSuccess: () => client.invalidateQueries(),
  });
}
