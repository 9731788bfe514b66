// What destroys asks first, and says what hangs on it.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Input, Modal, Progress, Skeleton, Typography } from 'antd';
import type { ReactNode } from 'react';
import { createContext, useCallback, useContext, useState } from 'react';
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

/** Asks whether something is to be deleted, and does so. It gives which of the objects are gone once the question is closed. */
type Ask = (what: Destruction) => Promise<boolean[]>;

const DestroyContext = createContext<Ask>(async () => []);

/** Gives a function that asks whether something is to be deleted, and does so. */
export const useDestroy = () => useContext(DestroyContext);

/** Holds the question. */
export function Destroyer({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<QuestionProps | null>(null);
  const ask = useCallback<Ask>((what) => new Promise((resolve) => {
    setAsked({
      what,
      onClose: (gone) => {
        setAsked(null);
        resolve(what.objects.map(({ path }) => gone.has(path)));
      },
    });
  }), []);
  return (
    <DestroyContext value={ask}>
      {children}
      {asked && <Question key={asked.what.objects.map(({ path }) => path).join()} {...asked} />}
    </DestroyContext>
  );
}

/** Above this many, or where other things go with it, the deed is done only after a word is typed. */
const fewObjects = 1;

/** A name as people see it and type it: blanks around it, and more than one between words, are not seen. */
const plain = (text: string) => text.trim().replace(/\s+/g, ' ');

interface QuestionProps {
  what: Destruction;
  /** Told which paths are gone. */
  onClose: (gone: ReadonlySet<string>) => void;
}

function Question({ what, onClose }: QuestionProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const { data: uses, error, refetch } = useUses(what);
  const [typed, setTyped] = useState('');
  const { done, gone, faults, stopped, run } = useRun(what, onClose);
  const close = () => onClose(gone);
  const [first] = what.objects;
  const single = what.objects.length === 1 && first;
  const grave = what.grave === true || what.objects.length > fewObjects || (uses ?? []).some(({ action }) => action.startsWith('cascade'));
  const word = single ? plain(first.name) || lastOf(first.path) : String(what.objects.length);
  const ready = uses !== undefined && (!grave || plain(typed) === word);
  const busy = done !== null;
  return (
    <Modal
      open
      title={single ? t('destroy.title', { noun: what.noun, name: first.name }) : t('destroy.titleMany', { noun: what.noun, count: what.objects.length })}
      onCancel={close}
      closable={!busy}
      mask={{ closable: !busy }}
      footer={faults.length > 0 ? <Button onClick={close}>{t('destroy.close')}</Button> : (
        <Flex gap="small" justify="end">
          <Button onClick={close} disabled={busy}>{t('destroy.cancel')}</Button>
          <Button danger type="primary" disabled={!ready} loading={busy} onClick={() => void run()}>{t('destroy.delete')}</Button>
        </Flex>
      )}
    >
      {what.consequence && <Typography.Paragraph>{what.consequence}</Typography.Paragraph>}
      {faults.length === 0 && (error && !uses
        ? <Alert type="error" showIcon title={t('destroy.unasked')} description={reason(error)} action={<Button size="small" onClick={() => void refetch()}>{t('problem.again')}</Button>} />
        : <Uses uses={uses} />)}
      {faults.length === 0 && <Typography.Paragraph type="secondary">{t('destroy.forGood')}</Typography.Paragraph>}
      {faults.length === 0 && grave && (
        <label>
          <Typography.Paragraph>{t('destroy.type', { word })}</Typography.Paragraph>
          <Input value={typed} onChange={(e) => setTyped(e.target.value)} onPressEnter={() => ready && void run()} autoComplete="off" aria-label={t('destroy.type', { word })} />
        </label>
      )}
      {busy && what.objects.length > 1 && <Progress percent={Math.round((100 * (done ?? 0)) / what.objects.length)} aria-label={t('destroy.delete')} />}
      {stopped !== undefined && <Alert type="warning" showIcon title={t('destroy.stopped', { count: what.objects.length - gone.size })} description={reason(stopped)} />}
      {faults.length > 0 && (
        <Alert type="error" showIcon title={t('destroy.failed', { count: faults.length })} description={<ul>{faults.map(({ name, why }) => <li key={name}>{single ? why : `${name}: ${why}`}</li>)}</ul>} />
      )}
    </Modal>
  );
}

const lastOf = (path: string) => path.split('/').at(-1) ?? '';

/**
 * Deletes one after the other, and goes on when one is refused. Where the server is lost or the session has ended it stops, and the question stays: once that is mended, what is left is
 * deleted with one more press.
 */
function useRun(what: Destruction, onClose: QuestionProps['onClose']) {
  const client = useQueryClient();
  const reason = useReason();
  const [done, setDone] = useState<number | null>(null);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [faults, setFaults] = useState<{ name: string; why: string }[]>([]);
  const [stopped, setStopped] = useState<ApiError>();
  const run = async () => {
    const now = new Set(gone);
    const failed: { name: string; why: string }[] = [];
    let trouble: ApiError | undefined;
    setStopped(undefined);
    for (const { path, name } of what.objects) {
      if (trouble || now.has(path)) continue;
      setDone(now.size + failed.length);
      try {
        await call('DELETE', path);
        now.add(path);
      } catch (err) {
        if (err instanceof ApiError && err.everywhere) trouble = err;
        else if (err instanceof ApiError && err.status === 404) now.add(path);
        else failed.push({ name, why: reason(err) });
      }
    }
    setDone(null);
    setGone(now);
    setStopped(trouble);
    if (!trouble) setFaults(failed); // else they are tried again with the rest
    if (now.size === what.objects.length) onClose(now);
    if (now.size > gone.size) {
      what.onDone?.();
      // The page of what is gone may still stand for a moment, and is not to ask for it again.
      const keys = new Set<unknown>([...now].map(lastOf));
      await client.invalidateQueries({ predicate: ({ queryKey }) => !queryKey.some((part) => keys.has(part)) });
    }
  };
  return { done, gone, faults, stopped, run };
}

/** Nouns that nothing refers to have no list of uses, and what is gone already has none either. */
const hasNone = (err: unknown) => err instanceof ApiError && [404, 405, 501].includes(err.status);

/** What uses the objects. It is asked for once: while they are being deleted nobody wants to know. */
function useUses({ objects }: Destruction) {
  const paths = objects.slice(0, 50).map(({ path }) => path);
  return useQuery({
    queryKey: ['uses', paths],
    queryFn: async ({ signal }) => {
      const found = await Promise.all(paths.map((path) => call<Use[]>('GET', `${path}/used_by`, { signal }).then(({ data }) => data, (err: unknown) => {
        if (hasNone(err)) return [];
        throw err;
      })));
      return found.flat();
    },
    enabled: ({ state }) => state.data === undefined,
    gcTime: 0,
  });
}

function Uses({ uses }: { uses: Use[] | undefined }) {
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
