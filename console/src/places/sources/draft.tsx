// A few settings that are changed on a page of their own, beside what they lead to: nothing is stored before "Save".

import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/client';
import { useChange } from '../../api/query';
import { useSay } from '../../shell/say';
import type { Source } from './model';

export interface Draft {
  /** The source as it would be. */
  value: Source;
  /** What differs from what is stored. */
  changes: Partial<Source>;
  dirty: boolean;
  busy: boolean;
  /** Faults by field, from the server. */
  faults: Readonly<Record<string, readonly string[]>>;
  /** Somebody else saved meanwhile: saving again overwrites these fields of theirs, and no others. */
  overtaken: boolean;
  set: (change: Partial<Source>) => void;
  save: () => Promise<boolean>;
  discard: () => void;
}

/** Holds what is being changed of a source. */
export function useDraft(path: string, saved: Source, etag?: string): Draft {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const { mutateAsync, isPending } = useChange<Source>();
  const [typed, setTyped] = useState<Partial<Source>>({});
  const [faults, setFaults] = useState<Draft['faults']>({});
  const [overtaken, setOvertaken] = useState(false);
  const changes = useMemo(() => differing(typed, saved), [typed, saved]);
  const discard = () => {
    setTyped({});
    setFaults({});
    setOvertaken(false);
  };
  return {
    value: useMemo(() => ({ ...saved, ...typed }) as Source, [saved, typed]),
    changes,
    dirty: Object.keys(changes).length > 0,
    busy: isPending,
    faults,
    overtaken,
    set: (change) => setTyped((now) => ({ ...now, ...change }) as Partial<Source>),
    discard,
    save: async () => {
      try {
        await mutateAsync({ method: 'PATCH', path, body: changes, ...(etag && { ifMatch: etag }) });
        discard();
        say.done(t('sources.saved'));
        return true;
      } catch (err) {
        if (err instanceof ApiError && err.conflict) {
          setOvertaken(true);
          await client.invalidateQueries();
          return false;
        }
        if (err instanceof ApiError && Object.keys(err.fields).length > 0) setFaults(err.fields);
        say.failed(err);
        return false;
      }
    },
  };
}

/** What of a draft is not as it is stored. */
export function differing(typed: Partial<Source>, saved: Source): Partial<Source> {
  return Object.fromEntries(Object.entries(typed).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(saved[name]))) as Partial<Source>;
}

/** Save and discard, shown while there is something to save. */
export function DraftBar({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  if (!draft.dirty) return null;
  return (
    <div className="sources-bar" role="region" aria-label={t('sources.unsaved')}>
      {draft.overtaken && <Alert type="warning" showIcon title={t('sources.overtaken')} />}
      <Flex gap="small" align="center" justify="space-between" wrap>
        <span>{t('sources.unsaved')}</span>
        <Flex gap="small">
          <Button onClick={draft.discard} disabled={draft.busy}>{t('sources.discard')}</Button>
          <Button type="primary" loading={draft.busy} onClick={() => void draft.save()}>{t('sources.save')}</Button>
        </Flex>
      </Flex>
    </div>
  );
}
