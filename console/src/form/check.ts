// What can be said about a value before the server is asked.

import type { Row } from '../api/query';
import { parseDuration } from './duration';
import type { FormField } from './forms';

/** A fault as a key below form.fault with what it speaks of. */
export interface Fault {
  key: string;
  args?: Record<string, string | number>;
}

/** Faults by place: "redirect_uris.0.url". */
export type FaultsAt<T> = Record<string, T[]>;

const slug = /^[-a-zA-Z0-9_]+$/;

const empty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** What is wrong with there being nothing. */
function faultOfNothing(field: FormField, value: unknown): Fault | undefined {
  if (field.required && !field.blank && !field.nullable) return { key: 'required' };
  const numeric = field.type === 'integer' || field.type === 'number';
  const unfit = (numeric && !field.nullable) || ((field.slug || field.type === 'duration') && value === '' && !field.nullable);
  return unfit ? { key: 'required' } : undefined;
}

/** Why an object stands as text: it could not be read, or its rows say more than an object can hold. */
function faultOfText(text: string): Fault {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { key: '' in read ? 'keyless' : 'twice' };
  } catch {
    // It is no JSON.
  }
  return { key: 'json' };
}

/** Looks at one value; undefined where nothing is wrong with it. */
function faultOf(field: FormField, value: unknown): Fault | undefined {
  if (empty(value)) return faultOfNothing(field, value);
  switch (field.type) {
    case 'string':
    case 'secret':
      if (field.max_length > 0 && [...String(value)].length > field.max_length) return { key: 'long', args: { max: field.max_length } };
      return field.slug && !slug.test(String(value)) ? { key: 'slug' } : undefined;
    case 'duration':
      return parseDuration(String(value))?.length ? undefined : { key: 'duration' };
    case 'integer':
      if (!Number.isInteger(value)) return { key: 'integer' };
      return Math.abs(Number(value)) > 2_147_483_647 ? { key: 'large' } : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : { key: 'number' };
    case 'object':
      return typeof value === 'string' ? faultOfText(value) : undefined;
    case 'time':
      return Number.isNaN(Date.parse(String(value))) ? { key: 'time' } : undefined;
    default:
      return undefined;
  }
}

/** Looks at a value and at what lies within it. A secret that is kept (undefined, while an object is changed) is not asked for again. */
export function faultsOf(field: FormField, value: unknown, creating: boolean, at = field.name): FaultsAt<Fault> {
  if (field.read_only || (field.write_only && !creating && value === undefined)) return {};
  const fault = faultOf(field, value);
  if (fault) return { [at]: [fault] };
  if (field.type === 'list' && field.item && Array.isArray(value)) {
    const item = { ...field.item, required: true };
    return Object.assign({}, ...value.map((one, i) => faultsOf(item, one, true, `${at}.${i}`))) as FaultsAt<Fault>;
  }
  if (field.type === 'struct' && field.fields && typeof value === 'object' && value !== null) {
    const row = value as Row;
    return Object.assign({}, ...field.fields.map((inner) => faultsOf(inner, row[inner.name], true, `${at}.${inner.name}`))) as FaultsAt<Fault>;
  }
  return {};
}
