// What destroys asks first, and says what hangs on it.

import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Input, Modal, Progress, Skeleton, Typography } from 'antd';
import type { ReactNode } from 'react';
import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, call } from '../api/client';
import { useNounOf } from '../form/forms';
import { useReason } from './states';

/** What is to be deleted. */
export interface Destruction {
  /** Where each is in the API, "core/users/3", and what it is called. */
  objects: { path: string; name: string }[];
  /** What sort of thing they are, in the reader's language. */
  noun: string;
  /** What else follows from it. */
  consequence?: string;
  /** Much goes with it that is not listed: its name is to be typed. */
  grave?: boolean;
  onDone?: () => void;
}

interface Use {
  name: string;
  app: string;
  model_name: string;
  action: 'cascade' | 'cascade_many' | 'set_null' | 'set_default' | 'left_dangling';
}

const DestroyContext = createContext<(what: Destruction) => void>(() => {});

/** Gives a function that asks whether something is to be deleted, and does so. */
export const useDestroy = () => useContext(DestroyContext);

/** Holds the question. */
export function Destroyer({ children }: { children: ReactNode }) {
  const [what, setWhat] = useState<Destruction | null>(null);
  const ask = useCallback((next: Destruction) => setWhat(next), []);
  return (
    <DestroyContext value={ask}>
      {children}
      {what && <Question key={what.objects.map(({ path }) => path).join()} what={what} onClose={() => setWhat(null)} />}
    </DestroyContext>
  );
}

/** Above this many, or where other things go with it, the deed is done only after a word is typed. */
const fewObjects = 1;

function Question({ what, onClose }: { what: Destruction; onClose: () => void }) {
  const { t } = useTranslation();
  const uses = useUses(what);
  const [typed, setTyped] = useState('');
  const { done, faults, run } = useRun(what, onClose);
  const [first] = what.objects;
  const single = what.objects.length === 1 && first;
  const grave = what.grave === true || what.objects.length > fewObjects || (uses ?? []).some(({ action }) => action.startsWith('cascade'));
  const word = single ? first.name : String(what.objects.length);
  const ready = uses !== null && (!grave || typed.trim() === word);
  const busy = done !== null;
  return (
    <Modal
      open
      title={single ? t('destroy.title', { noun: what.noun, name: first.name }) : t('destroy.titleMany', { noun: what.noun, count: what.objects.length })}
      onCancel={onClose}
      closable={!busy}
      mask={{ closable: !busy }}
      footer={faults.length > 0 ? <Button onClick={onClose}>{t('destroy.close')}</Button> : (
        <Flex gap="small" justify="end">
          <Button onClick={onClose} disabled={busy}>{t('destroy.cancel')}</Button>
          <Button danger type="primary" disabled={!ready} loading={busy} onClick={() => void run()}>{t('destroy.delete')}</Button>
        </Flex>
      )}
    >
      {what.consequence && <Typography.Paragraph>{what.consequence}</Typography.Paragraph>}
      {faults.length === 0 && <Uses uses={uses} />}
      {faults.length === 0 && <Typography.Paragraph type="secondary">{t('destroy.forGood')}</Typography.Paragraph>}
      {faults.length === 0 && grave && (
        <label>
          <Typography.Paragraph>{t('destroy.type', { word })}</Typography.Paragraph>
          <Input value={typed} onChange={(e) => setTyped(e.target.value)} onPressEnter={() => ready && void run()} autoComplete="off" aria-label={t('destroy.type', { word })} />
        </label>
      )}
      {busy && what.objects.length > 1 && <Progress percent={Math.round((100 * (done ?? 0)) / what.objects.length)} aria-label={t('destroy.delete')} />}
      {faults.length > 0 && (
        <Alert type="error" showIcon title={t('destroy.failed', { count: faults.length })} description={<ul>{faults.map(({ name, why }) => <li key={name}>{single ? why : `${name}: ${why}`}</li>)}</ul>} />
      )}
    </Modal>
  );
}

/** Deletes one after the other. */
function useRun(what: Destruction, onClose: () => void) {
  const client = useQueryClient();
  const reason = useReason();
  const [done, setDone] = useState<number | null>(null);
  const [faults, setFaults] = useState<{ name: string; why: string }[]>([]);
  const run = async () => {
    const failed: { name: string; why: string }[] = [];
    for (const [i, { path, name }] of what.objects.entries()) {
      setDone(i);
      try {
        await call('DELETE', path);
      } catch (err) {
        if (!(err instanceof ApiError && err.status === 404)) failed.push({ name, why: reason(err) });
      }
    }
    setDone(null);
    setFaults(failed);
    if (failed.length < what.objects.length) {
      if (failed.length === 0) onClose();
      what.onDone?.();
      // The page of what is gone may still stand for a moment, and is not to ask for it again.
      const gone = new Set<unknown>(what.objects.map(({ path }) => path.split('/').at(-1)));
      await client.invalidateQueries({ predicate: ({ queryKey }) => !queryKey.some((part) => gone.has(part)) });
    }
  };
  return { done, faults, run };
}

/** What uses the objects; null while that is not known. Nouns that nothing refers to have no such list. */
function useUses(what: Destruction): Use[] | null {
  const [uses, setUses] = useState<Use[] | null>(null);
  useEffect(() => {
    let late = false;
    void Promise.all(what.objects.slice(0, 50).map(({ path }) => call<Use[]>('GET', `${path}/used_by`).then(({ data }) => data).catch(() => [])))
      .then((found) => !late && setUses(found.flat()));
    return () => { late = true; };
  }, [what]);
  return uses;
}

function Uses({ uses }: { uses: Use[] | null }) {
  const { t } = useTranslation();
  const nounOf = useNounOf();
  if (!uses) return <Skeleton active title={false} paragraph={{ rows: 2 }} />;
  if (uses.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className="destroy-uses"
      title={t('destroy.uses', { count: uses.length })}
      description={<ul>{uses.slice(0, 30).map((use, i) => <li key={i}>{use.name} <Typography.Text type="secondary">({nounOf(use)}) – {t(`destroy.action.${use.action}`)}</Typography.Text></li>)}</ul>}
    />
  );
}
