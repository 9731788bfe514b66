import type { TFunction } from 'i18next';

import type { Row } from '../../../api/query';
import { type Form, makeField, makeForm } from '../../../form/forms';

/** A group as the API answers one. */
export interface Group {
  pk: string;
  num_pk: number;
  name: string;
  is_superuser: boolean;
  attributes: Row;
  parents: string[];
  /** How many direct members there are. */
  users_count: number;
  children: string[];
  parents_obj: Related[] | null;
  children_obj: Related[] | null;
}

/** Leaves the members out of an answer: there may be a million. Their list asks for users. */
export const withoutMembers = { include_members: false };

export interface Related {
  pk: string;
  name: string;
  is_superuser: boolean;
}

/** The form of a group. Members are added on its page. */
export function groupForm(t: TFunction): Form {
  const text = (name: string) => ({ name, title: t(`groups.field.${name}`), help: t(`groups.help.${name}`) });
  return makeForm({
    path: 'core/groups', query: withoutMembers, key: 'pk', ref: 'group', verbose_name: t('groups.one'), verbose_name_plural: t('menu.groups'),
    fields: [
      makeField({ ...text('name'), type: 'string', required: true, unique: true, max_length: 512 }),
      makeField({ ...text('parents'), type: 'list', ref: 'group', item: makeField({ name: '', title: '', type: 'string', ref: 'group' }) }),
      makeField({ ...text('is_superuser'), type: 'boolean' }),
      makeField({ ...text('attributes'), type: 'object', group: 'advanced' }),
    ],
  });
}

/** A group in its tree. A group with several parents stands below each. */
export interface Branch {
  /** The way to it, for it may stand at several places. */
  key: string;
  group: Group;
  children: Branch[];
}

/** Arranges groups below their parents. Those whose parents are not among them stand at the top. */
export function treeOf(groups: readonly Group[]): Branch[] {
  const there = new Set(groups.map(({ pk }) => pk));
  const below = new Map<string, Group[]>();
  for (const group of groups) for (const parent of group.parents) below.set(parent, [...(below.get(parent) ?? []), group]);
  const grow = (group: Group, way: readonly string[]): Branch => {
    const here = [...way, group.pk];
    // The server refuses circles; one that came about otherwise ends here.
    const next = (below.get(group.pk) ?? []).filter(({ pk }) => !here.includes(pk));
    return { key: here.join('/'), group, children: next.map((child) => grow(child, here)) };
  };
  return groups.filter(({ parents }) => !parents.some((parent) => there.has(parent))).map((group) => grow(group, []));
}
