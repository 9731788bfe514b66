// An object of some kind: its form, with whatever else its sort has.

import type { ReactNode } from 'react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useObject } from '../../../api/query';
import { formFor, SchemaForm, useForms } from '../../../form';
import { Loading, Problem, useSay } from '../../../shell';
import type { Kinded } from '../data';

/** How a form and what tries its object out work together. */
export interface Trying {
  /** Whether the form holds what is not saved. */
  dirty: boolean;
  /** Saves the form, then counts on. */
  saveAndTry: () => void;
  /** Counts the times that something is to be tried after it was saved. */
  wanted: number;
}

interface KindedEditorProps {
  row: Kinded;
  before?: ReactNode;
  /** Stands beside the form. */
  beside?: (trying: Trying) => ReactNode;
}

export function KindedEditor({ row, before, beside }: KindedEditorProps) {
  const { t } = useTranslation();
  const say = useSay();
  const { data: forms, error: noForms, refetch: again } = useForms();
  const form = formFor(forms ?? [], { ...row });
  const { data, error, refetch } = useObject(`${form?.path}/${row.pk}`, form !== undefined);
  const place = useRef<HTMLDivElement>(null);
  const asked = useRef(false);
  const [wanted, setWanted] = useState(0);
  const [dirty, setDirty] = useState(false);
  if (noForms && !forms) return <Problem error={noForms} onRetry={() => void again()} />;
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!form || !data) return <Loading />;
  const saved = () => {
    say.done(t('stages.saved'));
    if (asked.current) setWanted((count) => count + 1);
    asked.current = false;
  };
  const saveAndTry = () => {
    asked.current = true;
    place.current?.querySelector('form')?.requestSubmit();
  };
  return (
    <div className={beside ? 'kinded kinded-beside' : 'kinded'}>
      <div ref={place} className="kinded-form">
        <SchemaForm form={form} object={data} before={before} onDirty={setDirty} onSaved={saved} />
      </div>
      {beside && <aside className="kinded-aside">{beside({ dirty, saveAndTry, wanted })}</aside>}
    </div>
  );
}
