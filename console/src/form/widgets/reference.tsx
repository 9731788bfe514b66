import { useDraftAround } from '../draft';
import { useForms } from '../forms';
import type { WidgetProps } from '../props';
import type { Narrowing } from '../references';
import { ReferenceSelect } from '../ReferenceSelect';
import { narrowing } from '../widget';

type Value = string | number | null | undefined;

/** What the server names a reference's noun by; "target" and the like are no nouns. */
const noun = ({ field }: WidgetProps) => field.ref || field.item?.ref || '';

/**
 * What is offered first. Where the field does not say, property mappings are those that are made for objects of this form's sort: their collections lie below its name.
 */
function useNarrowed(props: WidgetProps): { query?: Narrowing; others?: boolean } {
  const around = useDraftAround()?.form.ref;
  const forms = useForms().data ?? [];
  const query = narrowing(props.field);
  if (Object.keys(query).length > 0) return { query, others: true };
  const own = forms.filter(({ ref, path }) => ref === noun(props) && around && path.split('/')[1] === around).map(({ model }) => model);
  return own.length > 0 ? { query: { meta_model_name: own } } : {};
}

export function Reference(props: WidgetProps) {
  const { field, id, value, onChange, onBlur, describedBy, faults } = props;
  return (
    <ReferenceSelect
      to={noun(props)} id={id} value={value as Value} onChange={onChange} onBlur={onBlur} label={field.title} nullable={field.nullable} describedBy={describedBy}
      invalid={Object.keys(faults).length > 0} {...useNarrowed(props)}
    />
  );
}

export function References(props: WidgetProps) {
  const { field, id, value, onChange, onBlur, describedBy, faults } = props;
  return (
    <ReferenceSelect
      to={noun(props)} id={id} multiple value={Array.isArray(value) ? value : []} onChange={onChange} onBlur={onBlur} label={field.title} describedBy={describedBy}
      invalid={Object.keys(faults).length > 0} {...useNarrowed(props)}
    />
  );
}
