// Flows, what stands in them and what stands before it, as the API answers them.

import { useQuery } from '@tanstack/react-query';

import type { Paginated, Query } from '../../api/client';
import { call } from '../../api/client';
import { useGet, useList } from '../../api/query';

/** A kind's object as a list of all kinds answers it: "stages/all". */
export interface Kinded {
  pk: string;
  name: string;
  component: string;
  verbose_name: string;
  meta_model_name: string;
}

export interface Flow {
  pk: string;
  policybindingmodel_ptr_id: string;
  name: string;
  slug: string;
  title: string;
  designation: string;
  authentication: string;
  denied_action: string;
  policy_engine_mode: string;
  stages: string[];
  policies: string[];
}

export interface Stage extends Kinded {
  flow_set: { pk: string; slug: string; name: string }[];
}

/** A stage at its place in a flow. */
export interface Binding {
  pk: string;
  policybindingmodel_ptr_id: string;
  target: string;
  stage: string;
  stage_obj: Stage | null;
  order: number;
  evaluate_on_plan: boolean;
  re_evaluate_policies: boolean;
  policy_engine_mode: string;
  invalid_response_action: string;
}

/** A policy, a group or a person before something. */
export interface Guard {
  pk: string;
  target: string;
  order: number;
  enabled: boolean;
  negate: boolean;
  policy: string | null;
  policy_obj: Kinded | null;
  group_obj: { name: string } | null;
  user_obj: { username: string } | null;
}

/** Where a stage or a source may lead besides, as flows/instances/<slug>/diagram/ draws it. */
export interface Graph {
  nodes: { id: string; type: string; name: string; kind?: string; pk?: string; slug?: string; binding?: string }[];
  edges: { from: string; to: string; type: string; label?: string }[];
}

export const nameOfGuard = (guard: Guard) => guard.policy_obj?.name ?? guard.group_obj?.name ?? guard.user_obj?.username ?? guard.pk;

/** A flow by its slug. */
export const useFlow = (slug: string) => useGet<Flow>(`flows/instances/${encodeURIComponent(slug)}`);

/** The stages of a flow in their order. */
export const useBindings = (flow: string) => useList<Binding>('flows/bindings', { target: flow, page_size: 100 }, flow !== '');

export const useGraph = (slug: string) => useGet<{ graph: Graph }>(`flows/instances/${encodeURIComponent(slug)}/diagram`);

/** What a target of policies may be called: either of its ids. */
export type Target = Pick<Binding, 'pk' | 'policybindingmodel_ptr_id'>;

/** What stands before some targets, by the target's pk. */
export function useGuards(targets: Target[]) {
  const names = targets.flatMap(({ pk, policybindingmodel_ptr_id: ptr }) => [pk, ptr]);
  const answer = useList<Guard>('policies/bindings', {}, targets.length > 0, { target: names, page_size: 100 });
  const of = (target: Target) => (answer.data?.results ?? []).filter((guard) => guard.target === target.pk || guard.target === target.policybindingmodel_ptr_id);
  return { ...answer, of };
}

/** All of a collection of configuration, which is small: page by page. */
export function useAll<T>(path: string, query: Query = {}, enabled = true) {
  return useQuery({
    queryKey: [...path.split('/'), 'all pages', query],
    queryFn: async ({ signal }) => {
      const out: T[] = [];
      for (let page = 1; page > 0;) {
        const { data } = await call<Paginated<T>>('GET', path, { query: { ...query, page, page_size: 100 }, signal });
        out.push(...data.results);
        page = data.pagination.next;
      }
      return out;
    },
    enabled,
  });
}

/** What a flow can be for. */
export const designations = ['authentication', 'enrollment', 'recovery', 'authorization', 'invalidation', 'stage_configuration', 'unenrollment'] as const;
