// Every form that the server has, as make generate wrote them down, drawn by the engine.

import { readFileSync } from 'node:fs';

import { act, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import en from '../texts/form.en.json';
import zh from '../texts/form.zh.json';
import { faultsOf } from './check';
import type { Form, FormField } from './forms';
import { SchemaForm } from './SchemaForm';
import { answering, drawn } from './testing';
import { beginning, bodyOfChange, bodyOfNew, same } from './values';
import { widgetOf } from './widget';

vi.mock('./CodeEditor', () => ({ CodeEditor: ({ value, label }: { value: string; label: string }) => <textarea readOnly value={value} aria-label={label} /> }));

const all = JSON.parse(readFileSync('test/forms.gen.json', 'utf8')) as { en: Form[]; zh: Form[] };

/** Fields that are shown as JSON that cannot be changed, and why. There is none: a field that fits no widget needs one, or a line here. */
const raw: Record<string, string> = {};

/** All fields of a form, those within structs and lists too, with their places. */
function* fieldsIn(fields: readonly FormField[], at: string): Generator<[string, FormField]> {
  for (const field of fields) {
    if (field.read_only) continue;
    yield [`${at}.${field.name}`, field];
    yield* fieldsIn(field.fields ?? [], `${at}.${field.name}`);
    yield* fieldsIn(field.item?.fields ?? [], `${at}.${field.name}`);
  }
}
const every = (forms: readonly Form[]) => forms.flatMap((form) => [...fieldsIn(form.fields, form.schema)]);

/** An object as the server answers it: its defaults, without what it never shows. */
const asAnswered = (form: Form) => Object.fromEntries([
  ...form.fields.filter(({ write_only }) => !write_only).map((field) => [field.name, field.default]),
  ...(form.key ? [[form.key, 'key']] : []),
]) as Record<string, unknown>;

it('there are forms of every noun and kind', () => {
  expect(all.en.length).toBeGreaterThan(40);
  expect(all.zh.map(({ schema }) => schema)).toEqual(all.en.map(({ schema }) => schema));
});

describe.each(['en', 'zh'] as const)('the forms in %s', (language) => {
  const forms = all[language];

  it('draw every field with a widget that fits it', () => {
    const found = every(forms).filter(([, field]) => widgetOf(field) === 'raw').map(([place]) => place);
    expect(found.sort()).toEqual(Object.keys(raw).sort());
  });

  it('name and explain every field and every choice', () => {
    for (const [place, field] of every(forms)) {
      expect(field.title, place).not.toBe('');
      expect(field.help, place).not.toBe('');
      for (const choice of [...field.enum, ...(field.item?.enum ?? [])]) expect(choice.title, `${place} ${choice.value}`).not.toBe('');
    }
    for (const form of forms) expect(form.verbose_name, form.schema).not.toBe('');
  });

  it('have sections with titles', () => {
    const texts = { en, zh }[language].group as Record<string, string>;
    for (const [place, field] of every(forms)) if (field.group) expect(texts[field.group], `${place}: ${field.group}`).toBeTruthy();
  });
});

describe.each(all.en.map((form) => [form.schema, form] as const))('%s', (_, form) => {
  it('sends of an untouched new object what is required and nothing else', () => {
    const body = bodyOfNew(form, beginning(form, undefined));
    expect(Object.keys(body).sort()).toEqual(form.fields.filter(({ required, read_only }) => required && !read_only).map(({ name }) => name).sort());
  });

  it('sends nothing of an untouched object', () => {
    const row = asAnswered(form);
    const base = beginning(form, row);
    expect(bodyOfChange(form, base, base)).toEqual({});
    for (const [name, value] of Object.entries(base)) if (value !== undefined) expect(same(value, row[name]), name).toBe(true);
  });

  it('finds no fault with the defaults but what is missing', () => {
    for (const field of form.fields) {
      for (const [at, faults] of Object.entries(faultsOf(field, field.default, true))) expect(faults.map(({ key }) => key), at).toEqual(['required']);
      if (!field.required) expect(faultsOf(field, field.default, true), field.name).toEqual({});
    }
  });
});

describe('drawn', () => {
  beforeAll(() => answering(() => ({ forms: all.en, pagination: { count: 0 }, results: [], fields: {} })));
  afterEach(() => vi.clearAllMocks());

  it.each(all.en.map((form) => [form.schema, form] as const))('%s shows each field by its name and changes none by itself', async (_, form) => {
    const heard = vi.fn();
    await drawn(<SchemaForm form={form} object={{ data: asAnswered(form), etag: '"1"' }} open={['*']} onDirty={heard} onSaved={() => {}} />);
    await act(async () => {});
    for (const field of form.fields) {
      if (field.read_only) continue;
      expect(document.querySelector(`[data-field="${field.name}"]`), field.name).not.toBeNull();
      expect(screen.getAllByText(field.title, { exact: false }).length, field.name).toBeGreaterThan(0);
    }
    expect(heard.mock.calls.every(([dirty]) => dirty === false)).toBe(true);
  });
});
