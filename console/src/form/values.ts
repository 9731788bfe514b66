// What a form holds and what it sends.

import type { Row } from '../api/query';
import type { Form, FormField } from './forms';

/** Whether two values of JSON say the same. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Row, b as Row];
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => name in right && same(left[name], right[name]));
}

/** The fields that somebody may fill in. */
export function fieldsOf(form: Form, { only, hidden }: { only?: readonly string[]; hidden?: readonly string[] } = {}): FormField[] {
  return form.fields.filter(({ name, read_only }) => !read_only && (!only || only.includes(name)) && !hidden?.includes(name));
}

/**
 * What a form begins with: the object as it is, or for a new one the defaults and what the page presets. A write-only value of an object is undefined: it stays unless
 * something is put there.
 */
export function beginning(form: Form, object: Row | undefined, preset: Row = {}): Row {
  const out: Row = {};
  for (const field of form.fields) {
    if (field.read_only) continue;
    if (object) {
      out[field.name] = field.write_only ? undefined : object[field.name];
    } else {
      out[field.name] = field.name in preset ? preset[field.name] : field.default;
    }
  }
  return out;
}

/** The body of a POST: what is required, what is not the default, and what the page presets, fields or not. */
export function bodyOfNew(form: Form, values: Row, preset: Row = {}): Row {
  const body: Row = { ...preset };
  for (const field of form.fields) {
    if (field.read_only) continue;
    const value = values[field.name];
    if (value === undefined) delete body[field.name];
    else if (field.required || !same(value, field.default)) body[field.name] = value;
    else if (field.name in preset) body[field.name] = value;
  }
  return body;
}

/** The body of a PATCH: what was changed. */
export function bodyOfChange(form: Form, base: Row, values: Row): Row {
  const body: Row = {};
  for (const { name, read_only } of form.fields) {
    if (!read_only && values[name] !== undefined && !same(values[name], base[name])) body[name] = values[name];
  }
  return body;
}

/** A slug for a name: what of it can stand in an address. Letters that no address has are left out, so Chinese names give "". */
export function slugOf(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50);
}

/** One key whose value differs between what we began with, what we have, and what the server has by now. */
export interface Difference {
  field: FormField;
  mine: unknown;
  theirs: unknown;
  /** Whether both changed it: then one of the two is lost. */
  both: boolean;
}

/** What changed meanwhile. Fields that only we changed are none of it. */
export function differences(form: Form, base: Row, mine: Row, theirs: Row): Difference[] {
  return form.fields
    .filter(({ name, read_only, write_only }) => !read_only && !write_only && !same(base[name], theirs[name]) && !same(mine[name], theirs[name]))
    .map((field) => ({ field, mine: mine[field.name], theirs: theirs[field.name], both: !same(mine[field.name], base[field.name]) }));
}
