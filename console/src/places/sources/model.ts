// What the pages of a source read of the API's answers.

import { useQuery } from '@tanstack/react-query';

import { call, type Paginated } from '../../api/client';
import { type Row, useGet, useList, useObject } from '../../api/query';

/** A variety of an OAuth source, such as WeChat or GitHub. */
export interface SourceType {
  name: string;
  verbose_name: string;
  urls_customizable: boolean;
  authorization_url: string | null;
  access_token_url: string | null;
  profile_url: string | null;
}

export type Matching = 'identifier' | 'email_link' | 'email_deny' | 'username_link' | 'username_deny';

/** A source with its kind's own settings; those that only some kinds have may be missing. */
export interface Source extends Row {
  pk: string;
  name: string;
  slug: string;
  enabled: boolean;
  promoted: boolean;
  icon: string;
  authentication_flow: string | null;
  enrollment_flow: string | null;
  user_property_mappings: string[];
  group_property_mappings: string[];
  policy_engine_mode: 'any' | 'all';
  user_matching_mode: Matching;
  attribute_refresh: Record<string, unknown>;
  user_path_template: string;
  component: string;
  meta_model_name: string;
  verbose_name: string;
  provider_type?: string;
  type?: SourceType;
  callback_url?: string;
  consumer_key?: string;
  open_platform_account?: string;
  authorization_url?: string | null;
  access_token_url?: string | null;
  profile_url?: string | null;
}

export interface NamedFlow {
  pk: string;
  slug: string;
  name: string;
  title: string;
  designation: string;
}

/** All flows: there are a few dozen at most. */
export function useFlows() {
  return useList<NamedFlow>('flows/instances', { page_size: 100, ordering: 'name' });
}

/** A source as its own collection answers it, with the version that a change is based on. */
export function useSource(path: string, slug: string) {
  return useObject<Source>(`${path}/${encodeURIComponent(slug)}`);
}

/** Everything of one collection, page after page. Only for what an installation has a few of. */
export function useAll<T>(path: string, query: Record<string, string> = {}) {
  return useQuery({
    queryKey: [...path.split('/'), 'all pages', query],
    queryFn: async ({ signal }) => {
      const rows: T[] = [];
      for (let page = 1; page > 0;) {
        const { data } = await call<Paginated<T>>('GET', path, { query: { ...query, page, page_size: 100 }, signal });
        rows.push(...data.results);
        page = data.pagination.next;
      }
      return rows;
    },
  });
}

/** An identification stage: where buttons of sources stand. */
export interface IdentificationStage {
  pk: string;
  name: string;
  sources: string[];
  show_source_labels: boolean;
  flow_set: NamedFlow[];
}

export const identificationStages = 'stages/identification';

export const useIdentificationStages = () => useAll<IdentificationStage>(identificationStages, { ordering: 'name' });

export interface Brand {
  brand_uuid: string;
  domain: string;
  default: boolean;
  /** The flow that people sign in by, whether the brand names it or leaves it to the default. */
  login_flow: string | null;
}

/** The flows that are somebody's login page, by their keys. */
export function useLoginFlows(): Set<string> {
  const { data } = useList<Brand>('core/brands', { page_size: 100 });
  return new Set(data?.results.flatMap(({ login_flow: flow }) => flow ?? []));
}

/** Whether a source's button stands on somebody's login page; undefined while that is not known. */
export function useShown({ pk, enabled }: Pick<Source, 'pk' | 'enabled'>): boolean | undefined {
  const { data: stages } = useIdentificationStages();
  const { data: brands } = useList<Brand>('core/brands', { page_size: 100 });
  const login = useLoginFlows();
  if (!stages || !brands) return undefined;
  return enabled && stages.some(({ sources, flow_set: flows }) => sources.includes(pk) && flows.some((flow) => login.has(flow.pk)));
}

/** Adds a source to the buttons of a stage, or takes it away. It is decided on what the stage has at that moment, and refused if somebody changes it meanwhile. */
export async function showAt(stage: string, source: string, shown: boolean): Promise<void> {
  const path = `${identificationStages}/${stage}`;
  const { data, etag } = await call<IdentificationStage>('GET', path);
  const others = data.sources.filter((pk) => pk !== source);
  if (shown === data.sources.includes(source)) return;
  await call('PATCH', path, { body: { sources: shown ? [...others, source] : others }, ...(etag && { ifMatch: etag }) });
}

/** Where the connections of a kind's sources are: its collection's last part stands in that address too. */
export const connectionsOf = (path: string) => `sources/user_connections/${path.split('/').pop() ?? ''}`;

/** A sentence about the source's settings, from the server. */
export interface Finding {
  code: string;
  level: 'ok' | 'error' | 'warning' | 'info';
  title: string;
  text: string;
}

/** Why a sign-in was refused, as the person read it. */
export interface Refusal {
  reason: string;
  title: string;
  happened: string;
  who: string;
  next: string;
}

/** What came of a dry run. */
export interface TryResult {
  ok: boolean;
  profile: Row | null;
  identifier: string;
  properties: { user?: Row; groups?: unknown[] } | null;
  mappings: { pk: string; name: string; result: Row | null; error: string }[];
  outcome: string;
  sentence: string;
  user: { pk: number; username: string } | null;
  refusal: Refusal | null;
  steps: { title: string; text: string; level: Finding['level'] }[];
}

export interface Samples {
  people: { id: string; name: string; profile: Row }[];
  faults: { id: string; title: string }[];
}

/** The people and faults of the source's simulator. Both are empty where there is none. */
export function useSamples(path: string) {
  return useGet<Samples>(`${path}/samples`);
}
