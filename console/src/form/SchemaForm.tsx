import './form.css';

import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Collapse, Flex, Form as Layout } from 'antd';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Answer } from '../api/client';
import type { Row } from '../api/query';
import { useSay } from '../shell/say';
import { Conflict } from './Conflict';
import type { Draft } from './draft';
import { DraftContext, useDraft } from './draft';
import { whole } from './faults';
import { FieldItem } from './FieldItem';
import type { Form, FormField } from './forms';
import { Guard } from './Guard';
import type { WidgetProps } from './props';
import { useAdvice } from './useAdvice';
import type { Outcome } from './useSave';
import { useSave } from './useSave';

export interface SchemaFormProps {
  form: Form;
  /** The object that is changed, with its version, as useObject gives it. Without it a new one is made. */
  object?: Answer<Row> | undefined;
  /** What a new object begins with; names that are no fields of the form are sent too. */
  preset?: Row | undefined;
  /** Shows these fields only, in the form's order. */
  only?: readonly string[] | undefined;
  /** Leaves these out. */
  hidden?: readonly string[] | undefined;
  /** Words in place of the server's, by field. */
  labels?: Readonly<Record<string, { title?: string; help?: string }>> | undefined;
  /** What a page says below a field. */
  notes?: Readonly<Record<string, ReactNode>> | undefined;
  /** What a page draws in place of a field's widget. */
  widgets?: Readonly<Record<string, (props: WidgetProps) => ReactNode>> | undefined;
  /** The word on the button that saves. */
  submit?: string | undefined;
  /** The object was saved, with all that was typed; the row is as the server answered it. */
  onSaved: (row: Row, etag?: string) => void;
  onCancel?: (() => void) | undefined;
  /** What is typed so far, after each change, for previews. */
  onValues?: ((values: Row) => void) | undefined;
  /** Whether something was typed that is not saved. */
  onDirty?: ((dirty: boolean) => void) | undefined;
  /** Above and below the fields. A function gets the draft. */
  before?: ReactNode | ((draft: Draft) => ReactNode);
  after?: ReactNode | ((draft: Draft) => ReactNode);
  /** What a page draws at the head of a section, by the section's name. */
  heads?: Readonly<Record<string, (draft: Draft) => ReactNode>> | undefined;
  /** Sections that are open from the start: "*" opens all. */
  open?: readonly string[] | undefined;
}

/** A form drawn from its description: it shows, checks and saves one object. */
export function SchemaForm(props: SchemaFormProps) {
  // Another form or object is another draft.
  const { form, object } = props;
  return <Filled key={`${form.schema}:${form.path}:${object ? String(object.data[form.key]) : ''}`} {...props} />;
}

function Filled(props: SchemaFormProps) {
  const { form, object, preset, only, hidden, submit, onSaved, onCancel, onValues, onDirty, before, after } = props;
  const { t } = useTranslation();
  const draft = useDraft({ form, object, preset, only, hidden });
  const { save, busy, kept } = useSave(draft);
  const client = useQueryClient();
  const say = useSay();
  const [theirs, setTheirs] = useState<Answer<Row>>();
  const prefix = useId();
  const root = useRef<HTMLFormElement>(null);
  const dirty = useRef(false);
  dirty.current = draft.dirty;
  const { seek, sought } = useSeek(root, draft);
  useAdvice(draft);
  useEffect(() => onDirty?.(draft.dirty), [onDirty, draft.dirty]);
  useEffect(() => onValues?.(draft.values), [onValues, draft.values]);

  const settle = (outcome: Outcome) => {
    if ('saved' in outcome) {
      const more = draft.creating ? draft.begin(undefined) : draft.begin({ data: outcome.saved, ...(outcome.etag && { etag: outcome.etag }) }, draft.values);
      dirty.current = more; // else the page may be left at once
      onDirty?.(more);
      if (more) say.done(t('form.more'));
      else onSaved(outcome.saved, outcome.etag);
    } else if ('conflict' in outcome) {
      setTheirs(outcome.conflict);
    } else if ('refused' in outcome || draft.creating) {
      seek();
    }
  };
  const attempt = async (over?: Answer<Row>) => {
    if (busy) return;
    if (draft.examine() !== undefined) return seek();
    settle(await save(over));
  };
  // Drawers stand inside of other forms for React, though not in the page.
  const submitted = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation();
    void attempt();
  };
  const pressed = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey)) return;
    e.preventDefault();
    e.stopPropagation();
    void attempt();
  };
  return (
    <DraftContext value={draft}>
      <form ref={root} className="form" noValidate onSubmit={submitted} onKeyDown={pressed} aria-busy={busy}>
        <Layout layout="vertical" component={false} requiredMark>
          <Whole faults={draft.faults[whole] ?? []} kept={kept} />
          {/* What is typed while an object is changed is kept on top of the answer. A new one has no place yet where it could go: so nothing can be typed until it is made. */}
          <div inert={busy && draft.creating}>
            {typeof before === 'function' ? before(draft) : before}
            <Sections {...props} draft={draft} prefix={prefix} sought={sought} />
            {typeof after === 'function' ? after(draft) : after}
          </div>
        </Layout>
        <Flex gap="small" wrap className="form-actions">
          <Button type="primary" htmlType="submit" loading={busy} disabled={!draft.creating && !draft.dirty}>{submit ?? t(draft.creating ? 'form.create' : 'form.save')}</Button>
          {onCancel && <Button onClick={onCancel}>{t('form.cancel')}</Button>}
          {!onCancel && !draft.creating && draft.dirty && <Button onClick={draft.revert}>{t('form.revert')}</Button>}
        </Flex>
      </form>
      <Guard dirty={dirty} />
      {theirs && (
        <Conflict
          draft={draft} theirs={theirs} onClose={() => setTheirs(undefined)}
          onMine={() => { setTheirs(undefined); void attempt(theirs); }}
          onTheirs={() => { setTheirs(undefined); draft.begin(theirs); void client.invalidateQueries(); }}
        />
      )}
    </DraftContext>
  );
}

/** What is wrong with the whole, or why nothing was saved. */
function Whole({ faults, kept }: { faults: readonly string[]; kept: 'lost' | 'signedOut' | undefined }) {
  const { t } = useTranslation();
  if (faults.length === 0 && !kept) return null;
  return (
    <div className="form-whole" tabIndex={-1} role="alert" data-whole>
      {kept && <Alert type="warning" showIcon title={t(`form.kept.${kept}`)} />}
      {faults.length > 0 && <Alert type="error" showIcon title={faults.length === 1 ? faults[0] : <ul>{faults.map((fault) => <li key={fault}>{fault}</li>)}</ul>} />}
    </div>
  );
}

/** Leads to the first fault once it is drawn: opens its section and puts the cursor there. */
function useSeek(root: React.RefObject<HTMLFormElement | null>, draft: Draft) {
  const [sought, setSought] = useState(0);
  useEffect(() => {
    if (sought === 0) return undefined;
    const timer = setTimeout(() => {
      const first = root.current?.querySelector('[data-whole], .ant-form-item-has-error');
      const control = first?.matches('[data-whole]') ? first : first?.querySelector('input, textarea, button, [contenteditable="true"], [tabindex]') ?? first;
      if (control instanceof HTMLElement) {
        control.focus({ preventScroll: true });
        control.scrollIntoView({ block: 'center', behavior: 'auto' });
      }
    }, 60);
    return () => clearTimeout(timer);
    // The draft's faults are drawn when this runs; later ones are not sought.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [sought]);
  return { sought: sought === 0 ? undefined : { n: sought, places: Object.keys(draft.faults) }, seek: () => setSought((n) => n + 1) };
}

interface SectionsProps extends SchemaFormProps {
  draft: Draft;
  prefix: string;
  sought: { n: number; places: string[] } | undefined;
}

/** The fields by section: what everybody looks at stands open, the rest can be opened. */
function Sections({ draft, prefix, labels, notes, widgets, heads, open, sought }: SectionsProps) {
  const { t } = useTranslation();
  const groups = useMemo(() => {
    const out = new Map<string, FormField[]>([['', []]]);
    for (const field of draft.fields) out.set(field.group, [...(out.get(field.group) ?? []), field]);
    return out;
  }, [draft.fields]);
  const all = [...groups.keys()].filter((group) => group !== '');
  // Where all fields lie in sections none is worth hiding, but those that do nothing here.
  const [opened, setOpened] = useState<string[]>(() => {
    if (open?.includes('*')) return all;
    return groups.get('')?.length === 0 ? all.filter((group) => group !== 'kept') : [...(open ?? [])];
  });
  useEffect(() => {
    if (!sought) return;
    const wrong = all.filter((group) => groups.get(group)?.some(({ name }) => sought.places.some((at) => at === name || at.startsWith(`${name}.`))));
    setOpened((now) => [...new Set([...now, ...wrong])]);
    // Whenever faults are sought anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [sought?.n]);
  const items = (fields: FormField[]) => fields.map((field) => {
    const said = labels?.[field.name];
    return <FieldItem key={field.name} draft={draft} prefix={prefix} field={said ? { ...field, ...said } : field} note={notes?.[field.name]} widget={widgets?.[field.name]} />;
  });
  return (
    <>
      {items(groups.get('') ?? [])}
      {all.length > 0 && (
        <Collapse
          className="form-sections" activeKey={opened} onChange={(keys) => setOpened([keys].flat())}
          items={all.map((group) => ({ key: group, label: t(`form.group.${group}`), children: <>{heads?.[group]?.(draft)}{items(groups.get(group) ?? [])}</> }))}
        />
      )}
    </>
  );
}
