// What Weimen knows of other products: what to ask for, where they want codes sent, and what to paste into them. All of it is data; nothing is run for one product only.

/** What is asked of the administrator. */
export interface RecipeField {
  /** The placeholder that it fills; the words for it stand in the texts under recipes.fields. */
  name: string;
  /** address: of the product, as people open it. name: letters, digits and hyphens. addresses: redirect URIs, one a line. client: whether it can keep a secret. */
  type: 'address' | 'name' | 'addresses' | 'client';
  default?: string;
}

/** A value for one field of the product's own form. */
export interface RecipeValue {
  /** Under recipes.<id>.values. */
  label: string;
  value: string;
}

/** What is to be done there, in turn. Its words stand in the texts under recipes.<id>.steps. */
export interface RecipeStep {
  id: string;
  /** What to copy field by field. */
  values?: RecipeValue[];
  /** What to paste as a whole. */
  block?: { format: string; text: string };
}

/** A product that can be connected. Texts in double braces are placeholders. */
export interface Recipe {
  id: string;
  /** The product's own name; the same in every language. */
  name: string;
  /** Where it says how it is connected. */
  documentation: string;
  fields: RecipeField[];
  /** Where codes may be sent, and people after signing out. A text that is one placeholder for several addresses gives each of them. */
  redirects: string[];
  /** Where people open it. */
  launch: string;
  /** Whether people need an e-mail address to get in: "required" says so before anything is made. */
  email: 'required' | 'asked' | 'optional';
  /** The longest client secret that the product keeps whole. */
  secretLength?: number;
  steps: RecipeStep[];
}

export type Values = Record<string, string>;

const placeholder = /\{\{(\w+)\}\}/g;

/** Puts values into the placeholders of a text. What has no value stays, so that a test can find it. */
export const fill = (text: string, values: Values): string => text.replace(placeholder, (whole, name: string) => values[name] ?? whole);

/** The names of the placeholders that a text has. */
export const placeholders = (text: string): string[] => [...text.matchAll(placeholder)].map(([, name]) => name!);

/** The addresses that the provider is to allow. */
export function redirectsOf(recipe: Recipe, values: Values): string[] {
  const all = recipe.redirects.flatMap((text) => fill(text, values).split('\n'));
  return [...new Set(all.map((address) => address.trim()).filter(Boolean))];
}

/** http or https with the colon and the slashes as people write them when they slip: "https:/", "http//", "https：//". */
const scheme = /^(https?)(?:[:：]\/*|\/\/+)(?=[^/])/i;
/** Another scheme, or what is left of one; a host with its port is none. */
const foreign = /^[a-z][a-z0-9+.-]*(?:[:：](?!\d)|\/\/)/i;

/** An address as people type it, without what follows the path and without the slash at its end; "" where it is none of http or https. */
export function cleanAddress(typed: string): string {
  const text = typed.trim().replace(scheme, '$1://');
  if (!/^https?:/i.test(text) && foreign.test(text)) return '';
  try {
    const url = new URL(/^https?:/i.test(text) ? text : `https://${text}`);
    if ((url.protocol !== 'https:' && url.protocol !== 'http:') || !url.hostname || url.username || /\s/.test(text)) return '';
    return url.origin + url.pathname.replace(/\/+$/, '');
  } catch {
    return '';
  }
}

/**
 * Finds out what was answered when an application was made, by the addresses that its provider allows; undefined where they are not those of this recipe. Every field must
 * stand in the first address, and all the others must be there too.
 */
export function recognise(recipe: Recipe, addresses: readonly string[]): Values | undefined {
  const first = recipe.redirects[0] ?? '';
  const names = placeholders(first);
  if (!first.startsWith('{{url}}/') || recipe.fields.some(({ name }) => !names.includes(name))) return undefined;
  const pattern = new RegExp(`^${first.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(placeholder, '(.+)')}$`);
  for (const address of addresses) {
    const found = pattern.exec(address);
    if (!found) continue;
    const values = Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? '']));
    if (redirectsOf(recipe, values).every((one) => addresses.includes(one))) return values;
  }
  return undefined;
}

/** What a value may not hold that is written between quotes in files of all sorts. */
export const plain = (text: string): string => text.replace(/["'`\\$\r\n{}]/g, '').trim();
