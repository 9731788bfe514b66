// What a source's settings come to, as sentences that an administrator can check against what they want.

import type { Source } from './model';

/** A sentence: a key below `sources.who.say`, and whether it describes somebody being let in. */
export interface Sentence {
  key: string;
  tone: 'in' | 'out' | 'note';
  args: Record<string, string>;
}

/** What the sentences speak of besides the source. */
export interface Facts {
  /** The flow's title by its key. */
  flow: (pk: string | null) => string;
  /** How many policies are bound to the source. */
  policies: number;
}

type Told = Pick<
  Source,
  'name' | 'slug' | 'enabled' | 'authentication_flow' | 'enrollment_flow' | 'user_matching_mode' | 'policy_engine_mode' | 'user_path_template' | 'attribute_refresh'
>;

/** Tells who comes in, in the order in which it is decided. */
export function sentences(source: Told, facts: Facts): Sentence[] {
  const name = source.name;
  if (!source.enabled) return [{ key: 'off', tone: 'out', args: { name } }];
  const out: Sentence[] = [];
  if (facts.policies > 0) out.push({ key: source.policy_engine_mode === 'all' ? 'policiesAll' : 'policiesAny', tone: 'note', args: { count: String(facts.policies) } });
  out.push(
    source.authentication_flow
      ? { key: 'known', tone: 'in', args: { name, flow: facts.flow(source.authentication_flow) } }
      : { key: 'knownOut', tone: 'out', args: { name } },
  );
  out.push(...matched(source, name));
  out.push(
    source.enrollment_flow
      ? { key: 'new', tone: 'in', args: { name, flow: facts.flow(source.enrollment_flow) } }
      : { key: 'newOut', tone: 'out', args: { name } },
  );
  if (source.enrollment_flow) out.push({ key: 'path', tone: 'note', args: { path: source.user_path_template.replaceAll('%(slug)s', source.slug) } });
  out.push({ key: 'signedIn', tone: 'in', args: { name } });
  out.push({ key: Object.keys(source.attribute_refresh).length > 0 ? 'refreshed' : 'kept', tone: 'note', args: { name, fields: Object.keys(source.attribute_refresh).join(', ') } });
  return out;
}

/** What becomes of somebody whom the source brings for the first time, and who resembles a user. */
function matched({ user_matching_mode: mode, authentication_flow: flow }: Told, name: string): Sentence[] {
  if (mode === 'identifier') return [{ key: 'strangers', tone: 'note', args: { name } }];
  const links = mode.endsWith('_link');
  const by = mode.startsWith('email') ? 'email' : 'username';
  const linked = links && Boolean(flow);
  return [
    { key: `${by}${links ? linked ? 'Linked' : 'LinkedOut' : 'Denied'}`, tone: linked ? 'in' : 'out', args: { name } },
    { key: `${by}Missing`, tone: 'out', args: { name } },
  ];
}
