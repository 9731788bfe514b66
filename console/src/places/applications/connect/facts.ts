// What a recipe's placeholders can say about a provider.

import type { Values } from '../recipes/recipe';
import { plain } from '../recipes/recipe';

/** Where the endpoints of a provider are, as the API answers at setup_urls. */
export interface SetupUrls {
  issuer: string;
  authorize: string;
  token: string;
  user_info: string;
  provider_info: string;
  logout: string;
  jwks: string;
}

interface Known {
  /** What people know the sign-in by: the brand's title. */
  brand: string;
  provider: { client_id: string };
  /** The client secret, or dots in its place. */
  secret: string;
  urls: SetupUrls;
  /** What ID tokens are signed with: "RS256". */
  algorithm: string;
  /** A secret of the application's own, made here. */
  random: string;
}

/** The values that do not depend on what was asked. */
export function facts({ brand, provider, secret, urls, algorithm, random }: Known): Values {
  const { issuer, authorize, token, user_info, provider_info, logout, jwks } = urls;
  return { issuer, authorize, token, user_info, provider_info, logout, jwks, algorithm, random, brand: plain(brand), client_id: provider.client_id, client_secret: secret };
}

/** What ID tokens of a provider are signed with, by the type of its key: without one, with the client secret. */
export function algorithmOf(keyType: string | null | undefined): string {
  if (!keyType) return 'HS256';
  return keyType === 'ec' ? 'ES256' : 'RS256';
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A text of letters and digits that nobody can guess. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    // Above the last multiple of 62, some letters would come more often than others.
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) if (byte < 248 && text.length < length) text += alphabet[byte % 62];
  }
  return text;
}

/** 32 bytes in base64url, as programs want for the key of their cookies. */
export function randomKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replace(/\+/g, '-').replace(/\//g, '_');
}
