import { Flex, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/query';
import { Laid } from '../FieldItem';
import { faultsWithin } from '../faults';
import type { FormField } from '../forms';
import { ListEditor } from '../ListEditor';
import type { WidgetProps } from '../props';
import { text } from '../props';
import type { Key } from '../ReferenceSelect';
import { ReferenceSelect } from '../ReferenceSelect';
import { targetOf, useReferred } from '../references';
import { narrowing, widgetHead } from '../widget';
import { Widget } from '.';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Texts or numbers whose order says something. */
export function Rows({ field, value, onChange, onBlur, labelledBy, describedBy, faults }: WidgetProps) {
  const { t } = useTranslation();
  const numeric = field.item?.type === 'integer' || field.item?.type === 'number';
  return (
    <ListEditor<unknown>
      items={listOf(value)} onChange={onChange} label={field.title} labelledBy={labelledBy} describedBy={describedBy} ordered
      name={(item, i) => text(item) || t('form.list.item', { n: i + 1 })} fresh={() => (numeric ? 0 : '')}
      render={(item, i, change) => (numeric
        ? <InputNumber value={typeof item === 'number' ? item : null} onChange={change} onBlur={onBlur} aria-label={`${field.title} ${i + 1}`} {...(faults[i] && { status: 'error' as const })} />
        : <Input value={text(item)} onChange={(e) => change(e.target.value)} onBlur={onBlur} aria-label={`${field.title} ${i + 1}`} {...(faults[i] && { status: 'error' as const })} />)}
    />
  );
}

/** References or choices whose order says something: those that are chosen stand in a list, the others are added below it. */
export function Items(props: WidgetProps) {
  const { field, value, onChange, labelledBy, describedBy } = props;
  const { t } = useTranslation();
  const chosen = listOf(value) as Key[];
  const ref = field.ref || field.item?.ref || '';
  const target = targetOf(ref);
  const referred = useReferred(ref, chosen);
  const choices = field.item?.enum ?? field.enum;
  const titleOf = (key: Key) => {
    if (!ref) return choices.find((choice) => choice.value === key)?.title ?? String(key);
    const row = referred.data?.results.find((one) => one[target?.value ?? 'pk'] === key);
    return row && target ? target.label(row) : String(key);
  };
  const query = narrowing(field);
  return (
    <Flex vertical gap="small">
      <ListEditor<Key> items={chosen} onChange={onChange} label={field.title} labelledBy={labelledBy} describedBy={describedBy} ordered name={titleOf} render={(key) => <span>{titleOf(key)}</span>} />
      {ref
        ? <ReferenceSelect to={ref} id={props.id} value={null} onChange={(key) => { if (key !== null && !Array.isArray(key) && !chosen.includes(key)) onChange([...chosen, key]); }} label={t('form.list.addTo', { name: field.title })} placeholder={t('form.list.add')} {...(Object.keys(query).length > 0 && { query, others: true })} />
        : <Select<string> id={props.id} value={null} onChange={(key) => onChange([...chosen, key])} aria-label={t('form.list.addTo', { name: field.title })} placeholder={t('form.list.add')} options={choices.filter((choice) => !chosen.includes(choice.value)).map((choice) => ({ value: choice.value, label: choice.title || choice.value }))} />}
    </Flex>
  );
}

/** What a new struct holds. */
const freshOf = (fields: readonly FormField[]): Row =>
  Object.fromEntries(fields.filter(({ read_only }) => !read_only).map(({ name, default: usual, enum: choices, required }) => [name, (usual === '' || usual === null || usual === undefined) && required && choices[0] ? choices[0].value : usual ?? '']));

/** A list of structs: each in a box of its own. */
export function Structs(props: WidgetProps) {
  const { field, value, onChange, labelledBy, describedBy, faults, id } = props;
  const { t } = useTranslation();
  const fields = field.item?.fields ?? [];
  const first = fields.find(({ type, enum: choices }) => type === 'string' && choices.length === 0)?.name ?? '';
  return (
    <ListEditor<Row>
      items={listOf(value) as Row[]} onChange={onChange} label={field.title} labelledBy={labelledBy} describedBy={describedBy} ordered={widgetHead(field) === 'ordered'} boxed fresh={() => freshOf(fields)}
      name={(item, i) => text(item[first]) || t('form.list.item', { n: i + 1 })}
      addLabel={t('form.list.add')}
      render={(item, i, change) => <Inner {...props} id={`${id}-${i}`} fields={fields} value={item} onChange={change as (value: unknown) => void} faults={faultsWithin(faults, String(i))} brief={i > 0} />}
    />
  );
}

export function Struct(props: WidgetProps) {
  return <div role="group" aria-labelledby={props.labelledBy} className="form-list-boxed"><Inner {...props} fields={props.field.fields ?? []} /></div>;
}

/** The fields of a struct. What they are for is said once in a list. */
function Inner({ fields, value, onChange, faults, id, onBlur, creating, brief }: WidgetProps & { fields: readonly FormField[]; brief?: boolean }) {
  const row = typeof value === 'object' && value !== null ? (value as Row) : {};
  const [been, setBeen] = useState(false);
  return (
    <div className={fields.length > 1 && fields.length < 4 ? 'form-struct form-struct-row' : 'form-struct'}>
      {fields.filter(({ read_only }) => !read_only).map((field) => {
        const within = been || Object.keys(faults).length > 0 ? faultsWithin(faults, field.name) : {};
        const inner: WidgetProps = {
          field, id: `${id}-${field.name}`, value: row[field.name], onChange: (next) => onChange({ ...row, [field.name]: next }), onBlur: () => { setBeen(true); onBlur(); },
          faults: within, labelledBy: `${id}-${field.name}-label`, describedBy: `${id}-${field.name}-help ${id}-${field.name}-fault`, creating,
        };
        return <Laid key={field.name} field={brief ? { ...field, help: '' } : field} id={inner.id} faults={within[''] ?? []} props={inner}><Widget {...inner} /></Laid>;
      })}
    </div>
  );
}
