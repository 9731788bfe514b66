// What applications and providers are, as the API answers them.

export interface Provider {
  pk: number;
  name: string;
  component: string;
  meta_model_name: string;
  verbose_name: string;
  assigned_application_slug: string | null;
  assigned_application_name: string | null;
  authorization_flow: string;
  authentication_flow: string | null;
  invalidation_flow: string;
  property_mappings: string[];
}

/** A provider's redirect URI. */
export interface RedirectURI {
  matching_mode: 'strict' | 'regex';
  url: string;
}

/** A provider of a kind that has clients: OAuth 2.0 and OpenID Connect. */
export interface ClientProvider extends Provider {
  client_type: 'confidential' | 'public';
  client_id: string;
  client_secret: string;
  redirect_uris: RedirectURI[];
  signing_key: string | null;
  sub_mode: string;
}

/** Whether a provider has a client id and redirect URIs, which is what recipes need. */
export const isClient = (provider: object): provider is ClientProvider => 'client_id' in provider && 'redirect_uris' in provider;

export interface Application {
  pk: string;
  name: string;
  slug: string;
  provider: number | null;
  provider_obj: Provider | null;
  group: string;
  launch_url: string | null;
  meta_launch_url: string;
  meta_icon_url: string | null;
  meta_description: string;
  meta_publisher: string;
  open_in_new_tab: boolean;
  policy_engine_mode: 'any' | 'all';
}

/** The address of a picture that this server gives itself; pictures of other hosts are never asked for. */
export function ownPicture(address: string | null, origin: string): string | undefined {
  if (!address) return undefined;
  try {
    const url = new URL(address, origin);
    return url.origin === origin && url.protocol.startsWith('http') ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** One or two letters that stand for a name. Chinese names are known by their first character. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s._/-]+/).filter(Boolean);
  const letters = words.map((word) => [...word][0] ?? '');
  const first = letters[0] ?? '?';
  if (/\p{Script=Han}/u.test(first)) return first;
  return (first + (letters[1] ?? '')).toUpperCase();
}

/** An address that a click may open: people type these, and javascript: is an address too. */
export function openable(address: string | null): string | undefined {
  if (!address) return undefined;
  try {
    const { protocol, href } = new URL(address, window.location.origin);
    return protocol === 'https:' || protocol === 'http:' ? href : undefined;
  } catch {
    return undefined;
  }
}
