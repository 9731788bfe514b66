// Where flows and policies are used, told by the objects that name them.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/query';
import type { Binding, Flow } from './data';
import { useAll } from './data';

/** An object that names another in one of its settings. */
export interface Use {
  /** The setting: "flow_recovery". */
  setting: string;
  name: string;
  /** The page of the object. */
  to: string;
}

const users = {
  brand: { settings: ['flow_authentication', 'flow_invalidation', 'flow_recovery', 'flow_user_settings', 'flow_unenrollment', 'flow_device_code'], page: 'brands', key: 'brand_uuid', name: 'domain' },
  source: { settings: ['authentication_flow', 'enrollment_flow'], page: 'sources', key: 'slug', name: 'name' },
  provider: { settings: ['authorization_flow', 'invalidation_flow', 'authentication_flow'], page: 'providers', key: 'pk', name: 'name' },
} as const;

export type User = keyof typeof users;

/** The flows that objects of one noun name, by the flows' pk. */
export function usesIn(noun: User, rows: readonly Row[]): Map<string, Use[]> {
  const { settings, page, key, name } = users[noun];
  const out = new Map<string, Use[]>();
  for (const row of rows) {
    for (const setting of settings) {
      const flow = row[setting];
      if (typeof flow !== 'string') continue;
      out.set(flow, [...(out.get(flow) ?? []), { setting: `${noun}.${setting}`, name: String(row[name]), to: `${page}/${String(row[key])}` }]);
    }
  }
  return out;
}

/** Gives the uses of a flow by brands, sources and providers; undefined while they are not known. */
export function useFlowUses(): ((flow: string) => Use[]) | undefined {
  const { data: brands } = useAll<Row>('core/brands');
  const { data: sources } = useAll<Row>('sources/all');
  const { data: providers } = useAll<Row>('providers/all');
  return useMemo(() => {
    if (!brands || !sources || !providers) return undefined;
    const maps = [usesIn('brand', brands), usesIn('source', sources), usesIn('provider', providers)];
    return (flow) => maps.flatMap((map) => map.get(flow) ?? []);
  }, [brands, sources, providers]);
}

/** Something that policies stand before. */
export interface Bound {
  text: string;
  to: string;
}

/** Gives what a target of policies is, by either of its ids; undefined for what is not known. */
export function useTargets(): (target: string) => Bound | undefined {
  const { t } = useTranslation();
  const { data: flows } = useAll<Flow>('flows/instances');
  const { data: bindings } = useAll<Binding>('flows/bindings');
  const { data: applications } = useAll<Row>('core/applications', { superuser_full_list: true });
  const { data: sources } = useAll<Row>('sources/all');
  return useMemo(() => {
    const known = new Map<string, Bound>();
    const note = (bound: Bound, ...ids: unknown[]) => ids.forEach((id) => typeof id === 'string' && known.set(id, bound));
    for (const flow of flows ?? []) note({ text: t('policies.boundTo.flow', { name: flow.name }), to: `flows/${flow.slug}?tab=policies` }, flow.pk, flow.policybindingmodel_ptr_id);
    for (const binding of bindings ?? []) {
      const flow = (flows ?? []).find(({ pk }) => pk === binding.target);
      const text = t('policies.boundTo.stage', { name: binding.stage_obj?.name ?? '', flow: flow?.name ?? '' });
      note({ text, to: flow ? `flows/${flow.slug}` : 'flows' }, binding.pk, binding.policybindingmodel_ptr_id);
    }
    for (const { pk, name, slug } of applications ?? []) note({ text: t('policies.boundTo.application', { name }), to: `applications/${String(slug)}` }, pk);
    for (const { pk, policybindingmodel_ptr_id, name, slug } of sources ?? []) note({ text: t('policies.boundTo.source', { name }), to: `sources/${String(slug)}` }, pk, policybindingmodel_ptr_id);
    return (target) => known.get(target);
  }, [flows, bindings, applications, sources, t]);
}
