// What the wizard was told so far, and what follows from it.

import { slugOf } from '../../../form/values';
import type { Recipe, Values } from '../recipes';
import { cleanAddress, fill, redirectsOf } from '../recipes';
import { randomText } from '../connect/facts';
import type { Plan } from './make';

export interface Answers {
  recipe: string;
  name: string;
  slug: string;
  /** The slug was typed, so that it does not follow the name any more. */
  slugTyped: boolean;
  description: string;
  /** What the recipe asks for, as it was typed. */
  values: Values;
  /** Whether people are asked what the application may know of them. */
  consent: boolean;
  everybody: boolean;
  groups: string[];
  users: number[];
}

/** Begins a recipe; what was said about who may use it stays. */
export function begin(recipe: Recipe, before?: Answers): Answers {
  if (before?.recipe === recipe.id) return before;
  const name = recipe.name.split(' / ')[0] ?? '';
  return {
    recipe: recipe.id, name, slug: slugOf(name), slugTyped: false, description: '', consent: false, everybody: true, groups: [], users: [],
    ...(before && { consent: before.consent, everybody: before.everybody, groups: before.groups, users: before.users }),
    values: Object.fromEntries(recipe.fields.map(({ name, default: first = '' }) => [name, before?.values[name] ?? first])),
  };
}

/** The values of a recipe as they are used: addresses without a slash at their end. */
export function cleanValues(recipe: Recipe, values: Values): Values {
  return Object.fromEntries(recipe.fields.map(({ name, type }) => {
    const typed = values[name] ?? '';
    if (type === 'address') return [name, cleanAddress(typed)];
    if (type === 'addresses') return [name, typed.split('\n').map((line) => line.trim()).filter(Boolean).join('\n')];
    return [name, typed.trim()];
  }));
}

/** A fault: its key among the texts, and what it speaks about. */
export interface Fault {
  key: string;
  address?: string;
}

/** Whether an address may be a redirect URI: absolute, without a part after #, and nothing that a browser would run. */
export function fits(address: string): boolean {
  try {
    const { protocol } = new URL(address);
    return !['javascript:', 'data:', 'vbscript:'].includes(protocol) && !address.includes('#') && !/\s/.test(address);
  } catch {
    return false;
  }
}

/** What keeps the wizard from going on, by field; `who` is asked one step after the others. */
export function faultsOf(recipe: Recipe, answers: Answers): Record<string, Fault> {
  const faults: Record<string, Fault> = {};
  const clean = cleanValues(recipe, answers.values);
  for (const { name, type } of recipe.fields) {
    const value = clean[name] ?? '';
    if (type === 'address' && !value) faults[name] = { key: 'recipes.fault.address' };
    if (type === 'name' && !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(value)) faults[name] = { key: 'recipes.fault.name' };
    if (type === 'addresses') {
      const wrong = value.split('\n').find((address) => address && !fits(address));
      if (!value) faults[name] = { key: 'recipes.fault.addresses' };
      else if (wrong) faults[name] = { key: 'recipes.fault.oneAddress', address: wrong };
    }
  }
  if (!answers.name.trim()) faults.name = { key: 'applications.wizard.fault.name' };
  if (!/^[-a-zA-Z0-9_]+$/.test(answers.slug)) faults.slug = { key: 'applications.wizard.fault.slug' };
  if (!answers.everybody && answers.groups.length + answers.users.length === 0) faults.who = { key: 'applications.wizard.fault.who' };
  return faults;
}

/** What the installation has that every application of this sort needs. */
export interface Defaults {
  implicit: string;
  explicit: string;
  invalidation: string;
  signingKey: string | null;
  scopes: string[];
}

export function planOf(recipe: Recipe, answers: Answers, defaults: Defaults): Plan {
  const values = cleanValues(recipe, answers.values);
  return {
    name: answers.name.trim(), slug: answers.slug, description: answers.description.trim(),
    launch: fill(recipe.launch, values),
    redirects: redirectsOf(recipe, values).map((url) => ({ matching_mode: 'strict', url })),
    clientType: values.client === 'public' ? 'public' : 'confidential',
    ...(recipe.secretLength && { secret: randomText(recipe.secretLength) }),
    authorizationFlow: answers.consent ? defaults.explicit : defaults.implicit, invalidationFlow: defaults.invalidation,
    signingKey: defaults.signingKey, scopes: defaults.scopes,
    groups: answers.everybody ? [] : answers.groups, users: answers.everybody ? [] : answers.users,
  };
}
