import { call } from '../../../api/client';
import { queryClient, type Row } from '../../../api/query';
import { type Brand, identificationStages, showAt, type IdentificationStage, type Source } from '../model';
import type { Paginated } from '../../../api/client';

export interface NewWeChat {
  name: string;
  appID: string;
  secret: string;
  /** A label for the Open Platform account; may be empty. */
  account: string;
  /** Whether its button goes onto the login page at once. */
  show: boolean;
}

/** A slug that is still free: "wechat", "wechat-2" and so on. */
export function freeSlug(wish: string, taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const slug = n === 1 ? wish : `${wish}-${n}`;
    if (!taken.includes(slug)) return slug;
  }
}

/**
 * Makes a source, and shows it on the login pages if that is wished.
 *
 * @throws {ApiError} where the source could not be made; a button that could not be added is told by `shown`
 */
export async function createWeChat(path: string, preset: Row, wish: NewWeChat): Promise<{ source: Source; shown: boolean }> {
  const { data: present } = await call<Paginated<Source>>('GET', 'sources/all', { query: { page_size: 100 } });
  const slug = freeSlug(String(preset.slug), present.results.map((one) => one.slug));
  const { data: source } = await call<Source>('POST', path, {
    body: { ...preset, slug, name: wish.name, promoted: true, consumer_key: wish.appID, consumer_secret: wish.secret, open_platform_account: wish.account.trim() },
  });
  const shown = !wish.show || await showOnLoginPages(source.pk).catch(() => false);
  await queryClient.invalidateQueries();
  return { source, shown };
}

/** Adds the button to the identification stage of every brand's login page. */
async function showOnLoginPages(source: string): Promise<boolean> {
  const { data: brands } = await call<Paginated<Brand>>('GET', 'core/brands', { query: { page_size: 100 } });
  const { data: stages } = await call<Paginated<IdentificationStage>>('GET', identificationStages, { query: { page_size: 100 } });
  const login = new Set(brands.results.map((brand) => brand.login_flow));
  const theirs = stages.results.filter(({ flow_set: flows }) => flows.some(({ pk }) => login.has(pk)));
  for (const { pk } of theirs) await showAt(pk, source, true);
  return theirs.length > 0;
}
