// Saving a draft: one call, and what can come of it.

import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Answer } from '../api/client';
import { ApiError, call } from '../api/client';
import type { Row } from '../api/query';
import { ownWay, useChange } from '../api/query';
import { useReason } from '../shell/states';
import type { Draft } from './draft';
import { faultsByPlace, whole } from './faults';
import { addressOf } from './forms';
import { beginning, bodyOfChange, bodyOfNew, differences, same } from './values';

/** What became of an attempt to save. */
export type Outcome = { saved: Row; etag?: string } | { refused: true } | { conflict: Answer<Row> } | { kept: 'lost' | 'signedOut' };

export interface Saving {
  busy: boolean;
  /** Why the last attempt came to nothing though nothing is wrong with what was typed. */
  kept: 'lost' | 'signedOut' | undefined;
  /** Saves over a version: that which the draft began with, or the one that is given. */
  save: (over?: Answer<Row>) => Promise<Outcome>;
}

/** Saves a draft with POST or PATCH. */
export function useSave(draft: Draft): Saving {
  const { t } = useTranslation();
  const change = useChange({ wait: false }); // the draft goes on with the answer
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const [kept, setKept] = useState<Saving['kept']>();
  const { form, values, base, object, preset, fields, refuse } = draft;

  const send = useCallback(async (over?: Answer<Row>): Promise<Answer<Row>> => {
    if (!object) return change.mutateAsync({ method: 'POST', path: form.path, ...(form.query && { query: form.query }), body: bodyOfNew(form, values, preset) });
    const version = over ?? object;
    const body = bodyOfChange(form, over ? beginning(form, over.data) : base, over ? merged(base, values, over.data) : values);
    if (Object.keys(body).length === 0) return version;
    return change.mutateAsync({ method: 'PATCH', path: addressOf(form, object.data[form.key]), ...(form.query && { query: form.query }), body, ...(version.etag && { ifMatch: version.etag }) });
  }, [change, form, values, base, object, preset]);

  /** What was changed meanwhile only from here, in another form of the same object, is gone on from where nothing contradicts. */
  const ownSince = useCallback(async (err: unknown): Promise<Answer<Row> | undefined> => {
    if (!(err instanceof ApiError) || !err.conflict || !object) return undefined;
    const path = addressOf(form, object.data[form.key]);
    const now = await call<Row>('GET', path);
    return ownWay(path, object.etag, now.etag) && !differences(form, base, values, now.data).some(({ both }) => both) ? now : undefined;
  }, [form, base, object, values]);

  const failed = useCallback(async (err: unknown): Promise<Outcome> => {
    if (err instanceof ApiError && err.conflict && object) return { conflict: await call<Row>('GET', addressOf(form, object.data[form.key]), { ...(form.query && { query: form.query }) }) };
    if (err instanceof ApiError && (err.lost || err.signedOut)) {
      const why = err.lost ? 'lost' : 'signedOut';
      setKept(why);
      return { kept: why };
    }
    if (err instanceof ApiError && Object.keys(err.fields).length > 0) refuse(faultsByPlace(err.fields, fields.map(({ name }) => name)));
    else if (err instanceof ApiError && err.status === 404 && object) refuse({ [whole]: [t('form.gone')] });
    else refuse({ [whole]: [reason(err)] });
    return { refused: true };
  }, [form, object, fields, refuse, reason, t]);

  const save = useCallback(async (over?: Answer<Row>): Promise<Outcome> => {
    setBusy(true);
    setKept(undefined);
    refuse({});
    try {
      const { data, etag } = await send(over).catch(async (err: unknown) => {
        const own = over ? undefined : await ownSince(err);
        if (!own) throw err;
        return send(own);
      });
      return { saved: data ?? {}, ...(etag && { etag }) };
    } catch (err) {
      return await failed(err).catch(failed);
    } finally {
      setBusy(false);
    }
  }, [send, ownSince, failed, refuse]);

  return { busy, kept, save };
}

/** What we changed, over what the others made of the rest. */
function merged(base: Row, mine: Row, theirs: Row): Row {
  return Object.fromEntries(Object.keys(mine).map((name) => [name, same(mine[name], base[name]) ? theirs[name] : mine[name]]));
}
