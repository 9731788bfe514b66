// The stages of a flow in their order, and changes of it that can be taken back.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { useSay } from '../../../shell';
import type { Binding } from '../data';
import { moved, renumbered, roomAt } from '../order';
import { isOvertaken, reorder, reversed, type Write } from '../reorder';

export interface Sequence {
  bindings: Binding[];
  busy: boolean;
  /** Puts the stage at one index to another. */
  move: (from: number, to: number) => void;
  /** Puts a stage into the flow, before the one at an index. */
  insert: (stage: { pk: string; name: string }, index: number) => Promise<void>;
}

/** How long "undo" is offered, in seconds. */
const patience = 10;

export function useSequence(flow: string, answered: Binding[]): Sequence {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useSay();
  const client = useQueryClient();
  // What is on the way to the server already stands on the screen.
  const [draft, setDraft] = useState<string[] | null>(null);
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ writes, added }: { writes: readonly Write[]; added?: { stage: string; order: number } }) =>
      reorder(writes, added && (() => call('POST', 'flows/bindings', { body: { target: flow, ...added } }))),
    onSettled: () => client.invalidateQueries(),
  });

  const bindings = useMemo(() => {
    if (!draft) return answered;
    const known = draft.flatMap((pk) => answered.find((binding) => binding.pk === pk) ?? []);
    return known.length === answered.length ? known : answered;
  }, [draft, answered]);

  const failed = useCallback((err: unknown) => (isOvertaken(err) ? say.warn(t('flows.overtaken')) : say.failed(err)), [say, t]);

  const offer = useCallback((text: string, undo: () => Promise<void>) => {
    const key = `undo ${flow}`;
    const takeBack = () => {
      message.destroy(key);
      void undo().then(() => say.done(t('flows.undone')), failed);
    };
    void message.success({ key, duration: patience, content: <>{text} <Button type="link" size="small" onClick={takeBack}>{t('flows.undo')}</Button></> });
  }, [flow, message, say, failed, t]);

  const move = useCallback(async (from: number, to: number) => {
    const sequence = moved(bindings, from, to);
    const changes = renumbered(sequence);
    if (changes.length === 0) return;
    setDraft(sequence.map(({ pk }) => pk));
    try {
      await mutateAsync({ writes: changes });
      offer(t('flows.moved', { name: bindings[from]?.stage_obj?.name ?? '', place: to + 1 }), () => mutateAsync({ writes: reversed(changes) }));
    } catch (err) {
      failed(err);
    } finally {
      setDraft(null);
    }
  }, [bindings, mutateAsync, offer, failed, t]);

  const insert = useCallback(async (stage: { pk: string; name: string }, index: number) => {
    const { order, others } = roomAt(bindings, index);
    try {
      await mutateAsync({ writes: others, added: { stage: stage.pk, order } });
      say.done(t('flows.added', { name: stage.name }));
    } catch (err) {
      failed(err);
    }
  }, [bindings, mutateAsync, say, failed, t]);

  return { bindings, busy: isPending, move: (from, to) => void move(from, to), insert };
}
