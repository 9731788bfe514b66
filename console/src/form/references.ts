// Where the objects stand that references lead to. The paths are authentik's.

import type { Query } from '../api/client';
import { useList } from '../api/query';
import type { Row } from '../api/query';
import type { Form } from './forms';

export interface Target {
  /** The collection that lists all objects of the sort. */
  path: string;
  /** The property that a reference holds. */
  value: string;
  /** What its list is asked for beside, to leave out what no reference shows. */
  query?: Query;
  label: (row: Row) => string;
  /** A second line: what tells apart what bears one name. */
  detail?: (row: Row) => string;
  /** The page of one object, below /if/admin/. */
  page?: (row: Row) => string;
}

const named = (row: Row) => String(row.name ?? '');
const verbose = (row: Row) => String(row.verbose_name ?? '');

/** By the noun that a reference names. */
export const targets: Record<string, Target> = {
  flow: { path: 'flows/instances', value: 'pk', label: named, detail: (row) => String(row.slug), page: (row) => `flows/${row.slug}` },
  stage: { path: 'stages/all', value: 'pk', label: named, detail: verbose, page: (row) => `stages/${row.pk}` },
  policy: { path: 'policies/all', value: 'pk', label: named, detail: verbose, page: (row) => `policies/${row.pk}` },
  propertymapping: { path: 'propertymappings/all', value: 'pk', label: named, detail: verbose, page: (row) => `property-mappings/${row.pk}` },
  source: { path: 'sources/all', value: 'pk', label: named, detail: verbose, page: (row) => `sources/${row.slug}` },
  provider: { path: 'providers/all', value: 'pk', label: named, detail: verbose, page: (row) => `providers/${row.pk}` },
  application: { path: 'core/applications', value: 'pk', label: named, detail: (row) => String(row.slug), page: (row) => `applications/${row.slug}` },
  certificatekeypair: { path: 'crypto/certificatekeypairs', value: 'pk', label: named, page: () => 'certificates' },
  brand: { path: 'core/brands', value: 'brand_uuid', label: (row) => String(row.domain), page: (row) => `brands/${row.brand_uuid}` },
  prompt: { path: 'stages/prompt/prompts', value: 'pk', label: named, detail: (row) => String(row.field_key), page: (row) => `prompts/${row.pk}` },
  group: { path: 'core/groups', value: 'pk', query: { include_members: false }, label: named, page: (row) => `groups/${row.pk}` },
  user: { path: 'core/users', value: 'pk', label: (row) => String(row.username), detail: named, page: (row) => `users/${row.pk}` },
};

/** Where references of a noun lead, undefined for a noun that this console does not know. */
export const targetOf = (ref: string): Target | undefined => targets[ref];

/** The objects that a list of ids names, as far as they are there. */
export function useReferred(to: string, ids: readonly (string | number)[]) {
  const target = targetOf(to);
  return useList(target?.path ?? '', target?.query ?? {}, target !== undefined && ids.length > 0, { [target?.value ?? 'pk']: ids.map(String), page_size: Math.max(ids.length, 1) });
}

/** What a list is narrowed to: a value of a property, or several of which any will do. */
export type Narrowing = Record<string, string | readonly string[]>;

/** The forms by which an object that a reference could name is made. */
export const makers = (forms: readonly Form[], to: string, query: Narrowing = {}): Form[] =>
  forms.filter((form) => form.ref === to && (!query.meta_model_name || [query.meta_model_name].flat().includes(form.model)));
