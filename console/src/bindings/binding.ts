// What a policy binding is, as the API answers it.

export const sorts = ['policy', 'group', 'user'] as const;

/** What is bound. */
export type Sort = (typeof sorts)[number];

export interface Binding {
  pk: string;
  target: string;
  policy: string | null;
  group: string | null;
  user: number | null;
  policy_obj: { name: string; verbose_name: string; meta_model_name?: string } | null;
  group_obj: { name: string } | null;
  user_obj: { name: string; username: string } | null;
  negate: boolean;
  enabled: boolean;
  order: number;
  timeout: number;
  failure_result: boolean;
}

/** A binding has exactly one of the three. */
export function sortOf(row: Pick<Binding, Sort>): Sort {
  return sorts.find((sort) => row[sort] !== null) ?? 'policy';
}

/** What a row of the table says. */
const shown = ['target', ...sorts, 'negate', 'enabled', 'order', 'timeout', 'failure_result'] as const;

/** Whether a binding still says what was seen of it. */
export const isAsSeen = (seen: Binding, now: Binding): boolean => shown.every((name) => seen[name] === now[name]);

export function nameOf(row: Binding): string {
  const { policy_obj, group_obj, user_obj } = row;
  return policy_obj?.name ?? group_obj?.name ?? (user_obj ? user_obj.name || user_obj.username : row.pk);
}

/** Where what is bound has its page. */
export function pageOf(row: Binding): string {
  const sort = sortOf(row);
  return { policy: `policies/${row.policy}`, group: `groups/${row.group}`, user: `users/${row.user}` }[sort];
}
