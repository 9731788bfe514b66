import { Form as Layout, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { faultsWithin } from './faults';
import type { FormField } from './forms';
import type { Draft } from './draft';
import type { WidgetProps } from './props';
import { Widget } from './widgets';

interface FieldItemProps {
  draft: Draft;
  field: FormField;
  /** Begins the ids of this form's controls. */
  prefix: string;
  /** What a page says below the field, or puts in place of its widget. */
  note?: ReactNode;
  widget?: ((props: WidgetProps) => ReactNode) | undefined;
}

/** A field of a form: its name, its control, what it is for and what is wrong with it. */
export function FieldItem({ draft, field, prefix, note, widget: Own }: FieldItemProps) {
  const id = `${prefix}-${field.name}`;
  const faults = faultsWithin(draft.faults, field.name);
  const props: WidgetProps = {
    field, id, faults, value: draft.values[field.name], creating: draft.creating,
    onChange: (value) => draft.set(field.name, value),
    onBlur: () => draft.touch(field.name),
    labelledBy: `${id}-label`, describedBy: `${id}-help ${id}-fault`,
  };
  return <Laid field={field} id={id} faults={faults[''] ?? []} note={note} props={props}>{Own ? <Own {...props} /> : <Widget {...props} />}</Laid>;
}

interface LaidProps {
  field: FormField;
  id: string;
  faults: readonly string[];
  note?: ReactNode;
  props: WidgetProps;
  children: ReactNode;
}

/** Puts name, control, help and faults where they belong. */
export function Laid({ field, id, faults, note, props, children }: LaidProps) {
  const { t } = useTranslation();
  const wrong = faults.length > 0;
  const help = (
    <div id={`${id}-help`}>
      {field.help && <div className="form-help">{field.help}</div>}
      {note}
    </div>
  );
  const said = wrong && <div id={`${id}-fault`} role="alert">{faults.map((fault) => <div key={fault}>{fault}</div>)}</div>;
  const common = { 'data-field': field.name, className: 'form-field', help: said || undefined, extra: field.help || note ? help : undefined, ...(wrong && { validateStatus: 'error' as const }) };
  if (field.type === 'boolean') {
    return (
      <Layout.Item {...common}>
        <label className="form-switch" id={props.labelledBy}>
          <Switch id={id} checked={props.value === true} onChange={props.onChange} aria-describedby={props.describedBy} aria-labelledby={props.labelledBy} />
          <span>{field.title}</span>
        </label>
      </Layout.Item>
    );
  }
  const needed = field.required && !field.blank;
  return (
    <Layout.Item {...common} htmlFor={id} label={<span id={props.labelledBy}>{field.title}{!needed && field.nullable && field.ref === '' && <span className="form-optional"> {t('form.optional')}</span>}</span>} required={needed}>
      {children}
    </Layout.Item>
  );
}
