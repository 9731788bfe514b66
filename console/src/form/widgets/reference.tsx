import type { WidgetProps } from '../props';
import { ReferenceSelect } from '../ReferenceSelect';
import { narrowing } from '../widget';

type Value = string | number | null | undefined;

/** What the server names a reference's noun by; "target" and the like are no nouns. */
const noun = ({ field }: WidgetProps) => field.ref || field.item?.ref || '';

const narrowed = ({ field }: WidgetProps) => {
  const query = narrowing(field);
  return Object.keys(query).length > 0 ? { query, others: !('meta_model_name' in query) } : {};
};

export function Reference(props: WidgetProps) {
  const { field, id, value, onChange, onBlur, describedBy, faults } = props;
  return (
    <ReferenceSelect
      to={noun(props)} id={id} value={value as Value} onChange={onChange} onBlur={onBlur} label={field.title} nullable={field.nullable} describedBy={describedBy}
      invalid={Object.keys(faults).length > 0} {...narrowed(props)}
    />
  );
}

export function References(props: WidgetProps) {
  const { field, id, value, onChange, onBlur, describedBy, faults } = props;
  return (
    <ReferenceSelect
      to={noun(props)} id={id} multiple value={Array.isArray(value) ? value : []} onChange={onChange} onBlur={onBlur} label={field.title} describedBy={describedBy}
      invalid={Object.keys(faults).length > 0} {...narrowed(props)}
    />
  );
}
