import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Input, InputNumber, Segmented, Select, Switch } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../api/query';
import { CodeEditor } from './CodeEditor';
import { same } from './values';

interface ObjectEditorProps {
  value: Row;
  onChange: (value: Row) => void;
  /** The text cannot be read, or the rows are no object: it is not the value, and what was there before is not what is meant. */
  onUnread?: (text: string) => void;
  /** Whether that still stands; when it ends without a change here, what was typed was thrown away. Absent where nobody is told. */
  unread?: boolean;
  label: string;
  id?: string;
  onBlur?: () => void;
  labelledBy?: string;
  describedBy?: string;
  invalid?: boolean;
  readOnly?: boolean;
}

const sorts = ['text', 'number', 'boolean', 'json'] as const;
type Sort = (typeof sorts)[number];

const sortOf = (value: unknown): Sort =>
  typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'json';

/** Whether rows can show it. A row without a key is one that is not finished. */
const plain = (value: Row) => !('' in value) && Object.values(value).every((one) => sortOf(one) !== 'json');
const written = (value: Row) => (Object.keys(value).length > 0 ? JSON.stringify(value, null, 2) : '{}');

/** An object of any content: keys with their values, or its text. What lies deeper than one level is written as text. */
export function ObjectEditor(props: ObjectEditorProps) {
  const { value, label, labelledBy, describedBy, readOnly, unread } = props;
  const { t } = useTranslation();
  const [wanted, setView] = useState<'rows' | 'text'>(() => (plain(value) && !readOnly ? 'rows' : 'text'));
  const view = plain(value) ? wanted : 'text'; // another control of the form may have put something deeper in
  return (
    <div role="group" {...(labelledBy ? { 'aria-labelledby': labelledBy } : { 'aria-label': label })} {...(describedBy && { 'aria-describedby': describedBy })}>
      <Flex vertical gap="small">
        {!readOnly && (
          <Segmented
            size="small" value={view} onChange={setView} className="form-views" aria-label={t('form.object.view', { name: label })}
            options={[{ value: 'rows', label: t('form.object.rows'), disabled: !plain(value) || (unread === true && view === 'text') }, { value: 'text', label: 'JSON', disabled: unread === true && view === 'rows' }]}
          />
        )}
        {view === 'rows' ? <Rows {...props} /> : <Written {...props} />}
      </Flex>
    </div>
  );
}

type Entry = readonly [key: string, value: unknown];

const meantBy = (entries: readonly Entry[]): Row => Object.fromEntries(entries.filter(([key]) => key !== ''));
const keyless = ([key, held]: Entry) => key === '' && held !== '';
const doubled = (entries: readonly Entry[], i: number) => entries[i]?.[0] !== '' && entries.some(([key], at) => key === entries[i]?.[0] && at !== i);
/** Whether some row would be lost: it has a value and no key, or a key that another has too. */
const unfit = (entries: readonly Entry[]) => entries.some((entry, i) => keyless(entry) || doubled(entries, i));
/** Rows that are no object, as text. */
const textOf = (entries: readonly Entry[]) => `{${entries.filter((entry) => entry[0] !== '' || keyless(entry)).map(([key, held]) => `${JSON.stringify(key)}: ${JSON.stringify(held)}`).join(', ')}}`;

/** Keys and values. A row with neither is none yet. */
function Rows({ value, onChange, onUnread, unread, onBlur, label }: ObjectEditorProps) {
  const { t } = useTranslation();
  const [entries, setEntries] = useState<Entry[]>(() => Object.entries(value));
  useEffect(() => {
    if (unfit(entries) ? unread === false : !same(meantBy(entries), value)) setEntries(Object.entries(value));
    // Only what comes from outside is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value, unread]);
  const change = (next: Entry[]) => {
    setEntries(next);
    if (unfit(next) && onUnread) onUnread(textOf(next));
    else if (unfit(entries) || !same(meantBy(next), meantBy(entries))) onChange(meantBy(next));
  };
  const put = (i: number, entry: Entry) => change(entries.map((one, at) => (at === i ? entry : one)));
  return (
    <>
      {entries.map(([key, held], i) => (
        <Flex key={i} gap="small" wrap className="form-entry">
          <Input className="form-key code" value={key} onChange={(e) => put(i, [e.target.value, held])} onBlur={onBlur} aria-label={t('form.object.key', { name: label, n: i + 1 })} placeholder={t('form.object.keyShort')} {...((keyless([key, held]) || doubled(entries, i)) && { status: 'error' as const, 'aria-invalid': true })} />
          <Select<Sort>
            value={sortOf(held)} className="form-sort" aria-label={t('form.object.sortOf', { key: key || i + 1 })} onChange={(sort) => put(i, [key, converted(held, sort)])}
            options={sorts.filter((sort) => sort !== 'json').map((sort) => ({ value: sort, label: t(`form.object.sort.${sort}`) }))}
          />
          <div className="form-grow"><EntryValue held={held} label={t('form.object.valueOf', { key: key || i + 1 })} onChange={(next) => put(i, [key, next])} /></div>
          <Button type="text" icon={<DeleteOutlined />} aria-label={t('form.list.remove', { name: key || i + 1 })} onClick={() => change(entries.filter((_, at) => at !== i))} />
        </Flex>
      ))}
      <div><Button type="dashed" icon={<PlusOutlined />} onClick={() => setEntries([...entries, ['', '']])}>{t('form.object.add')}</Button></div>
    </>
  );
}

function converted(value: unknown, sort: Sort): unknown {
  if (sort === 'number') return Number.isFinite(Number(value)) ? Number(value) : 0;
  if (sort === 'boolean') return value === true || value === 'true';
  return String(value);
}

function EntryValue({ held, label, onChange }: { held: unknown; label: string; onChange: (value: unknown) => void }) {
  switch (sortOf(held)) {
    case 'number':
      return <InputNumber value={held as number} onChange={(next) => onChange(next ?? 0)} aria-label={label} className="form-number" />;
    case 'boolean':
      return <Switch checked={held === true} onChange={onChange} aria-label={label} />;
    default:
      return <Input value={String(held)} onChange={(e) => onChange(e.target.value)} aria-label={label} />;
  }
}

/** The object's text. It is taken over whenever it can be read. */
function Written({ value, onChange, onUnread, unread, label, id, onBlur, describedBy, invalid, readOnly }: ObjectEditorProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(() => written(value));
  const [fault, setFault] = useState('');
  const change = (next: string) => {
    setTyped(next);
    try {
      const read: unknown = JSON.parse(next.trim() || '{}');
      if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new SyntaxError(t('form.object.noObject'));
      setFault('');
      onChange(read as Row);
    } catch (err) {
      setFault(err instanceof Error ? err.message : String(err));
      onUnread?.(next);
    }
  };
  useEffect(() => {
    if (fault && unread !== false) return;
    setFault('');
    try {
      if (!same(JSON.parse(typed.trim() || '{}'), value)) setTyped(written(value));
    } catch {
      setTyped(written(value));
    }
    // Only what comes from outside is taken over.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value, unread]);
  return (
    <>
      <CodeEditor value={typed} onChange={change} {...(onBlur && { onBlur })} language="json" label={label} {...(id && { id })} {...(describedBy && { describedBy })} invalid={Boolean(invalid) || fault !== ''} readOnly={Boolean(readOnly)} minLines={4} />
      {fault && <div role="alert" className="form-fault">{t('form.object.unread', { fault })}</div>}
    </>
  );
}
