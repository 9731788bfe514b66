// What the server would say of a draft, asked while it is being filled in.

import { useEffect, useRef } from 'react';

import { call } from '../api/client';
import type { Draft } from './draft';
import { faultsByPlace } from './faults';
import { useForms } from './forms';
import { bodyOfChange, bodyOfNew } from './values';

/** How long somebody pauses before the server is asked. */
const pause = 600;

/** Asks the server about what was typed, once somebody pauses. Only forms that the server has can be asked about. */
export function useAdvice(draft: Draft): void {
  const { form, values, base, object, preset, dirty, advise, fields } = draft;
  const has = (useForms().data ?? []).some(({ schema }) => schema !== '' && schema === form.schema) && form.key !== ''; // what there is only one of is in no collection, by which the server knows forms
  const latest = useRef(0);
  useEffect(() => {
    if (!has || !dirty) return undefined;
    const mine = ++latest.current;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const body = object ? bodyOfChange(form, base, values) : bodyOfNew(form, values, preset);
      const key = object ? { key: String(object.data[form.key]) } : {};
      try {
        const { data } = await call<{ fields: Record<string, string[]> }>('POST', 'schema/check', { body: { form: form.schema, ...key, body }, signal: stop.signal });
        // Faults of the whole are for saving: while somebody types, most of them are only not yet true.
        if (mine === latest.current) advise(Object.fromEntries(Object.entries(faultsByPlace(data.fields, fields.map(({ name }) => name))).filter(([at]) => at !== '')));
      } catch {
        // Saving will tell.
      }
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [has, dirty, values, base, object, preset, form, fields, advise]);
}
