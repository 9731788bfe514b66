// A form as it is being filled in: what is typed, what is wrong with it, and whether anything would be lost by leaving.

import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Answer } from '../api/client';
import type { Row } from '../api/query';
import type { Fault, FaultsAt } from './check';
import { faultsOf } from './check';
import { known, whole } from './faults';
import type { Form, FormField } from './forms';
import { beginning, fieldsOf, same, slugOf } from './values';

export interface DraftOptions {
  form: Form;
  /** The object that is changed; a new one is made where it is absent. */
  object?: Answer<Row> | undefined;
  /** What a new object begins with. */
  preset?: Row | undefined;
  only?: readonly string[] | undefined;
  hidden?: readonly string[] | undefined;
}

/** What a form begins with, and the version that stands for. */
interface Base {
  row: Row;
  object: Answer<Row> | undefined;
}

export interface Draft {
  form: Form;
  /** The fields that are shown. */
  fields: FormField[];
  values: Row;
  base: Row;
  object: Answer<Row> | undefined;
  preset: Row;
  creating: boolean;
  /** Whether something was typed that is not saved. */
  dirty: boolean;
  /** What is wrong and may be said by now, by place; '' is the whole. */
  faults: FaultsAt<string>;
  set: (name: string, value: unknown) => void;
  /** Somebody was at the field: its faults may be shown. */
  touch: (name: string) => void;
  /** Shows all faults that can be seen here, and tells the first field that has one. */
  examine: () => string | undefined;
  /** Shows what the server found. */
  refuse: (faults: FaultsAt<string>) => void;
  /** Shows what the server would find in fields that were touched. */
  advise: (faults: FaultsAt<string>) => void;
  /** Begins anew with an object. What was typed since something was sent stays on top of it: tells whether there is such. */
  begin: (object: Answer<Row> | undefined, sent?: Row) => boolean;
  /** Throws away what was typed. */
  revert: () => void;
}

const under = (at: string, name: string) => at === name || at.startsWith(`${name}.`);
const without = <T>(faults: FaultsAt<T>, name: string): FaultsAt<T> =>
  Object.fromEntries(Object.entries(faults).filter(([at]) => !under(at, name) && at !== whole));

export function useDraft({ form, object, preset, only, hidden }: DraftOptions): Draft {
  const say = useFaultText();
  const [given] = useState<Row>(() => preset ?? {});
  const [base, setBase] = useState<Base>(() => ({ row: beginning(form, object?.data, given), object }));
  const [values, setValues] = useState<Row>(base.row);
  const typed = useRef(values); // what is drawn, or about to be
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<FaultsAt<string>>({});
  const [advised, setAdvised] = useState<FaultsAt<string>>({});
  const named = useRef(false); // the slug was written by hand
  const creating = base.object === undefined;
  const dirty = form.fields.some(({ name }) => !same(values[name], base.row[name]));
  const fields = useMemo(() => fieldsOf(form, { ...(only && { only }), ...(hidden && { hidden }) }), [form, only, hidden]);

  const latest = useRef(object);
  const begin = useCallback((next: Answer<Row> | undefined, sent?: Row) => {
    latest.current = next;
    const row = beginning(form, next?.data, given);
    const since = sent ? Object.keys(row).filter((name) => !same(typed.current[name], sent[name])) : [];
    typed.current = { ...row, ...Object.fromEntries(since.map((name) => [name, typed.current[name]])) };
    setBase({ row, object: next });
    setValues(typed.current);
    setTouched(new Set());
    setRefused({});
    setAdvised({});
    return since.length > 0;
  }, [form, given]);

  // The object was read anew. Where nothing was typed the form follows; where something was, the server finds out on saving.
  const read = useRef(object);
  useEffect(() => {
    if (!object || (object.etag === read.current?.etag && same(object.data, read.current?.data))) return;
    read.current = object;
    latest.current = object;
    if (!dirty) begin(object);
  }, [object, dirty, begin]);

  const set = useCallback((name: string, value: unknown) => {
    if (name === 'slug') named.current = value !== '';
    const next = { ...typed.current, [name]: value };
    const follows = name === 'name' && creating && !named.current && form.fields.some((field) => field.slug && field.name === 'slug');
    if (follows && typeof value === 'string') next.slug = slugOf(value);
    typed.current = next;
    setValues(next);
    setRefused((now) => without(now, name));
    setAdvised((now) => without(now, name));
  }, [creating, form]);

  const here = useMemo(() => {
    const out: FaultsAt<Fault> = {};
    for (const field of fields) Object.assign(out, faultsOf(field, values[field.name], creating));
    return out;
  }, [fields, values, creating]);

  const faults = useMemo(() => {
    const out: FaultsAt<string> = {};
    for (const [at, found] of Object.entries(here)) {
      if ([...touched].some((name) => under(at, name))) out[at] = found.map(say);
    }
    for (const [at, found] of Object.entries(advised)) {
      if (!out[at] && [...touched].some((name) => under(at, name))) out[at] = found.map(say);
    }
    for (const [at, found] of Object.entries(refused)) out[at] = found.map(say);
    return out;
  }, [here, advised, refused, touched, say]);

  const examine = useCallback(() => {
    setTouched(new Set(fields.map(({ name }) => name)));
    return fields.find(({ name }) => Object.keys(here).some((at) => under(at, name)))?.name;
  }, [fields, here]);

  return {
    form, fields, values, base: base.row, object: base.object, preset: given, creating, dirty, faults, set, examine, begin, revert: useCallback(() => void begin(latest.current), [begin]), refuse: setRefused, advise: setAdvised,
    touch: useCallback((name) => setTouched((now) => (now.has(name) ? now : new Set(now).add(name))), []),
  };
}

/** Says a fault in the reader's language: one of ours, or one of the server's sentences. */
export function useFaultText(): (fault: Fault | string) => string {
  const { t } = useTranslation();
  return useCallback((fault) => {
    const found = typeof fault === 'string' ? known(fault) : fault;
    return found ? t(`form.fault.${found.key}`, found.args ?? {}) : String(fault);
  }, [t]);
}

/** The form that a widget stands in, for those few that look at other fields. */
export const DraftContext = createContext<Draft | null>(null);
export const useDraftAround = () => useContext(DraftContext);
