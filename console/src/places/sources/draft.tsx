// A few settings that are changed on a page of their own, beside what they lead to: nothing is stored before "Save".

import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Answer } from '../../api/client';
import type { Row } from '../../api/query';
import type { Form } from '../../form';
import { Conflict } from '../../form/Conflict';
import { useDraft as useFormDraft } from '../../form/draft';
import { whole } from '../../form/faults';
import { useSave } from '../../form/useSave';
import { bodyOfChange } from '../../form/values';
import { useSay } from '../../shell/say';
import type { Source } from './model';

export interface Draft {
  /** The source as it would be. */
  value: Source;
  /** What differs from what is stored. */
  changes: Partial<Source>;
  dirty: boolean;
  busy: boolean;
  /** Faults by field. */
  faults: Readonly<Record<string, readonly string[]>>;
  set: (change: Partial<Source>) => void;
  save: () => void;
  discard: () => void;
  /** Why nothing was saved, and what somebody else saved meanwhile, to be drawn beside what was typed. */
  trouble: ReactNode;
}

/** Holds what is being changed of a source, as a form holds it: on top of the version that was there when typing began. */
export function useDraft(form: Form, source: Source, etag?: string, onSaved?: () => void): Draft {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const draft = useFormDraft({ form, object: { data: source, ...(etag && { etag }) } });
  const { save, busy, kept } = useSave(draft);
  const [theirs, setTheirs] = useState<Answer<Row>>();
  const { values, base } = draft;
  const attempt = async (over?: Answer<Row>) => {
    if (busy) return;
    const outcome = await save(over);
    if ('conflict' in outcome) setTheirs(outcome.conflict);
    if (!('saved' in outcome)) return;
    const more = draft.begin({ data: outcome.saved, ...(outcome.etag && { etag: outcome.etag }) }, values);
    onSaved?.();
    say.done(t(more ? 'form.more' : 'sources.saved'));
  };
  const faults = draft.faults[whole] ?? [];
  return {
    value: useMemo(() => ({ ...source, ...values }) as Source, [source, values]),
    changes: useMemo(() => bodyOfChange(form, base, values) as Partial<Source>, [form, base, values]),
    dirty: draft.dirty,
    busy,
    faults: draft.faults,
    set: (change) => Object.entries(change).forEach(([name, value]) => draft.set(name, value)),
    discard: draft.revert,
    save: () => void attempt(),
    trouble: (
      <>
        {kept && <Alert type="warning" showIcon title={t(`form.kept.${kept}`)} />}
        {faults.map((fault) => <Alert key={fault} type="error" showIcon title={fault} />)}
        {theirs && (
          <Conflict
            draft={draft} theirs={theirs} onClose={() => setTheirs(undefined)}
            onMine={() => { setTheirs(undefined); void attempt(theirs); }}
            onTheirs={() => { setTheirs(undefined); draft.begin(theirs); void client.invalidateQueries(); }}
          />
        )}
      </>
    ),
  };
}

/** Save and discard, shown while there is something to save. */
export function DraftBar({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  if (!draft.dirty) return null;
  return (
    <div className="sources-bar" role="region" aria-label={t('sources.unsaved')}>
      {draft.trouble}
      <Flex gap="small" align="center" justify="space-between" wrap>
        <span>{t('sources.unsaved')}</span>
        <Flex gap="small">
          <Button onClick={draft.discard} disabled={draft.busy}>{t('sources.discard')}</Button>
          <Button type="primary" loading={draft.busy} onClick={draft.save}>{t('sources.save')}</Button>
        </Flex>
      </Flex>
    </div>
  );
}
