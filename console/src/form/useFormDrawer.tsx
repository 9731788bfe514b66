import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../api/query';
import type { FormDrawerProps } from './FormDrawer';
import { FormDrawer } from './FormDrawer';
import type { Form } from './forms';
import { formFor, formNamed, formsOf, useForms } from './forms';
import { KindChooser } from './KindChooser';

type Extra = Partial<Pick<FormDrawerProps, 'objectKey' | 'preset' | 'title' | 'onSaved' | 'only' | 'hidden' | 'labels' | 'notes' | 'widgets' | 'before' | 'after' | 'submit'>>;

/** What to open. One of form, schema, row and ref says which form; ref asks for the kind where the sort has several. */
export interface OpenForm extends Extra {
  form?: Form;
  /** A form's schema or model. */
  schema?: string;
  /** A row of a list of all kinds: that object is changed. */
  row?: Row;
  /** A sort: "stage", "policy", ... */
  ref?: string;
  /** The kinds that may be chosen, where not all of the sort's. */
  forms?: readonly Form[];
}

/** A drawer for forms: `element` stands somewhere in the page, `open` shows it. */
export function useFormDrawer(): { open: (what: OpenForm) => void; element: ReactNode } {
  const forms = useForms().data;
  const { t } = useTranslation();
  const [what, setWhat] = useState<OpenForm>();
  const [shown, setShown] = useState(false);
  const [chosen, setChosen] = useState<Form>();
  const open = useCallback((next: OpenForm) => {
    setWhat(next);
    setChosen(undefined);
    setShown(true);
  }, []);
  const close = () => setShown(false);
  if (!what) return { open, element: null };
  const { form, schema, row, ref, forms: some, ...extra } = what;
  const kinds = some ?? (ref ? formsOf(forms ?? [], ref) : []);
  const found = chosen ?? form ?? (schema ? formNamed(forms ?? [], schema) : undefined) ?? (row ? formFor(forms ?? [], row) : undefined) ?? (kinds.length === 1 ? kinds[0] : undefined);
  const element = found
    ? <FormDrawer {...extra} {...(row && extra.objectKey === undefined && { objectKey: String(row[found.key]) })} form={found} open={shown} onClose={close} />
    : (
      <Drawer open={shown} size={640} onClose={close} title={what.title ?? t('form.kind.choose')} destroyOnHidden>
        <KindChooser sort={ref ?? ''} {...(some && { forms: some })} onChoose={setChosen} />
      </Drawer>
    );
  return { open, element };
}
