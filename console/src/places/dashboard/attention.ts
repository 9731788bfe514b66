import type { Attention } from './types';

/** Faults that are mended in one place. */
export interface Cause {
  cause: string;
  level: Attention['level'];
  items: [Attention, ...Attention[]];
}

const weight = { error: 0, warning: 1, info: 2 };

/** What a fault comes from: the public address is the reason of several, and of every source's that does not take it. */
const causeOf = ({ code, ref, key }: Attention) => (/^(not_https|other_host)$|(^|\.)public_/.test(code) ? 'address' : `${code} ${ref} ${key}`);

/** Puts faults of one cause together, the worst first. */
export function byCause(items: readonly Attention[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const item of [...items].sort((a, b) => weight[a.level] - weight[b.level])) {
    const cause = causeOf(item);
    const known = causes.get(cause);
    if (known) known.items.push(item);
    else causes.set(cause, { cause, level: item.level, items: [item] });
  }
  return [...causes.values()];
}
