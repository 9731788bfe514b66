import { useList } from '../../../api/query';
import type { Defaults } from './answers';

interface Named {
  pk: string;
  name: string;
}

/** Flows that the default blueprints make for applications. */
const flows = {
  implicit: 'default-provider-authorization-implicit-consent',
  explicit: 'default-provider-authorization-explicit-consent',
  invalidation: 'default-provider-invalidation-flow',
};

/** The key that the default blueprints make. */
const ownKey = 'authentik Self-signed Certificate';

/** What applications are given to know; each asks for those it wants. */
const scopes = ['openid', 'profile', 'email', 'offline_access', 'entitlements'];

type Missing = 'flows' | 'scopes';

/** What a new application is made with: the installation's own flows, key and scopes. Where there is none of something, says so. */
export function useDefaults(): { loading: boolean; ready?: Defaults; missing?: Missing } {
  const all = { page_size: 500, ordering: 'name' };
  const authorization = useList<Named & { slug: string }>('flows/instances', { ...all, designation: 'authorization' });
  const invalidation = useList<Named & { slug: string }>('flows/instances', { ...all, designation: 'invalidation' });
  const keys = useList<Named>('crypto/certificatekeypairs', { ...all, has_key: true });
  const mappings = useList<Named & { scope_name: string; managed: string | null }>('propertymappings/provider/scope', all);
  if (!authorization.data || !invalidation.data || !keys.data || !mappings.data) return { loading: true };
  const flow = (list: { slug: string; pk: string }[], slug: string) => list.find((one) => one.slug === slug)?.pk ?? list[0]?.pk;
  const implicit = flow(authorization.data.results, flows.implicit);
  const explicit = flow(authorization.data.results, flows.explicit);
  const end = flow(invalidation.data.results, flows.invalidation);
  if (!implicit || !explicit || !end) return { loading: false, missing: 'flows' };
  // Where somebody wrote a second mapping for a scope, the managed one is meant.
  const chosen = scopes.map((scope) => mappings.data.results.filter(({ scope_name }) => scope_name === scope).sort((a, b) => Number(b.managed !== null) - Number(a.managed !== null))[0]?.pk);
  if (!chosen[0]) return { loading: false, missing: 'scopes' };
  const key = keys.data.results.find(({ name }) => name === ownKey) ?? keys.data.results[0];
  return { loading: false, ready: { implicit, explicit, invalidation: end, signingKey: key?.pk ?? null, scopes: chosen.filter((pk) => pk !== undefined) } };
}
