// Making an application with its provider and its bindings, all of it or nothing.

import type { Answer } from '../../../api/client';
import { call } from '../../../api/client';
import type { Application, ClientProvider, RedirectURI } from '../application';

/** What is to be made. */
export interface Plan {
  name: string;
  slug: string;
  launch: string;
  description: string;
  redirects: RedirectURI[];
  clientType: 'confidential' | 'public';
  /** A secret made here, where the product takes no long ones; else the server makes one. */
  secret?: string;
  authorizationFlow: string;
  invalidationFlow: string;
  signingKey: string | null;
  scopes: string[];
  /** Who may use it; nobody named means everybody. */
  groups: string[];
  users: number[];
}

export interface Made {
  application: Application;
  provider: ClientProvider;
}

/** Something was refused halfway, and what had been made was taken back, or not all of it. */
export class HalfMade extends Error {
  constructor(
    /** What the server said. */
    override readonly cause: unknown,
    /** What was being made. */
    readonly at: 'provider' | 'application' | 'bindings',
    /** What could not be taken back, by its address below /if/admin/. */
    readonly left: { to: string; name: string }[],
  ) {
    super('an application could not be made');
    this.name = 'HalfMade';
  }
}

type Caller = <T>(method: string, path: string, options?: { body?: unknown }) => Promise<Answer<T>>;

/**
 * Makes the provider, then the application, then who may use it. If one of them is refused, those before it are deleted again.
 *
 * @throws {HalfMade}
 */
export async function make(plan: Plan, ask: Caller = call): Promise<Made> {
  const made: { path: string; to: string; name: string }[] = [];
  let at: HalfMade['at'] = 'provider';
  try {
    const { data: provider } = await ask<ClientProvider>('POST', 'providers/oauth2', { body: providerOf(plan) });
    made.push({ path: `providers/oauth2/${provider.pk}`, to: `providers/${provider.pk}`, name: provider.name });
    at = 'application';
    const { data: application } = await ask<Application>('POST', 'core/applications', {
      body: { name: plan.name, slug: plan.slug, provider: provider.pk, meta_launch_url: plan.launch, meta_description: plan.description, policy_engine_mode: 'any' },
    });
    made.push({ path: `core/applications/${application.slug}`, to: `applications/${application.slug}`, name: application.name });
    at = 'bindings';
    const bound = [...plan.groups.map((group) => ({ group })), ...plan.users.map((user) => ({ user }))];
    for (const [i, who] of bound.entries()) await ask('POST', 'policies/bindings', { body: { target: application.pk, ...who, order: i * 10 } });
    return { application, provider };
  } catch (cause) {
    throw new HalfMade(cause, at, await takeBack(made, ask));
  }
}

/** The provider's name is the application's: whoever looks for one finds the other. */
const providerOf = (plan: Plan) => ({
  name: plan.name,
  authorization_flow: plan.authorizationFlow,
  invalidation_flow: plan.invalidationFlow,
  client_type: plan.clientType,
  ...(plan.secret && { client_secret: plan.secret }),
  redirect_uris: plan.redirects,
  signing_key: plan.signingKey,
  property_mappings: plan.scopes,
});

/** Deletes in the opposite order, and gives what is still there. The bindings of an application go with it. */
async function takeBack(made: { path: string; to: string; name: string }[], ask: Caller) {
  const left: HalfMade['left'] = [];
  for (const { path, to, name } of [...made].reverse()) {
    try {
      await ask('DELETE', path);
    } catch {
      left.push({ to, name });
    }
  }
  return left;
}
