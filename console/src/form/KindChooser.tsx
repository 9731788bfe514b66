import './form.css';

import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Empty, Loading, Problem } from '../shell/states';
import type { Form } from './forms';
import { formsOf, useForms } from './forms';
import { clear } from '../shell/Clear';

interface KindChooserProps {
  /** "stage", "policy", "propertymapping", "source", "provider" */
  sort: string;
  onChoose: (form: Form) => void;
  /** Offers these only. */
  forms?: readonly Form[] | undefined;
}

/** The kinds of a sort, each with what it is for. */
export function KindChooser({ sort, onChoose, forms }: KindChooserProps) {
  const { t } = useTranslation();
  const known = useForms();
  const [typed, setTyped] = useState('');
  const all = forms ?? formsOf(known.data ?? [], sort);
  if (!forms && known.error && !known.data) return <Problem error={known.error} onRetry={() => void known.refetch()} />;
  if (!forms && !known.data) return <Loading />;
  const wanted = typed.trim().toLowerCase();
  const shown = all.filter(({ verbose_name, description, kind }) => `${verbose_name} ${description} ${kind}`.toLowerCase().includes(wanted));
  return (
    <div className="form-kinds">
      {all.length > 6 && <Input type="search" allowClear={clear} value={typed} onChange={(e) => setTyped(e.target.value)} placeholder={t('form.kind.search')} aria-label={t('form.kind.search')} />}
      {shown.length === 0 && <Empty title={t('form.kind.none')} />}
      <ul className="form-kind-list">
        {shown.map((form) => (
          <li key={form.schema || form.path}>
            <button type="button" className="form-kind" onClick={() => onChoose(form)}>
              <span className="form-kind-name">{form.verbose_name}</span>
              <span className="form-kind-text">{form.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
