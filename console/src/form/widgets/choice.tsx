import { Checkbox, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Choice, FormField } from '../forms';
import type { WidgetProps } from '../props';
import { aria } from '../props';

const optionsOf = (choices: readonly Choice[]) => choices.map(({ value, title }) => ({ value, label: title || value }));
const choicesOf = (field: FormField) => (field.enum.length > 0 ? field.enum : field.item?.enum ?? []);
const listOf = (value: unknown): (string | number)[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string' || typeof one === 'number') : []);
const found = (typed: string, option?: { label: string; value: string }) => `${option?.label} ${option?.value}`.toLowerCase().includes(typed.toLowerCase());
const status = ({ faults }: WidgetProps) => (Object.keys(faults).length > 0 ? { status: 'error' as const } : {});

export function Radios({ field, id, value, onChange, onBlur, labelledBy, describedBy }: WidgetProps) {
  return (
    <div role="radiogroup" id={id} aria-labelledby={labelledBy} aria-describedby={describedBy} onBlur={onBlur}>
      <Radio.Group name={id} value={value} onChange={(e) => onChange(e.target.value)} options={optionsOf(field.enum)} />
    </div>
  );
}

export function SelectOne(props: WidgetProps) {
  const { field, id, value, onChange, onBlur } = props;
  const { t } = useTranslation();
  const empties = field.nullable || field.blank || !field.required;
  const options = optionsOf(field.enum);
  // A value that the list does not know stands as it is: it came from somewhere.
  if (typeof value === 'string' && value !== '' && !field.enum.some((choice) => choice.value === value)) options.push({ value, label: value });
  return (
    <Select
      id={id} value={value === '' ? null : value} options={options} onChange={(next) => onChange(next ?? (field.nullable ? null : ''))} onBlur={onBlur}
      showSearch={options.length > 8 && { filterOption: (typed, option) => found(typed, option as { label: string; value: string }) }}
      allowClear={empties && (field.nullable || field.default === '' || field.default === null) && { label: t('list.clear') }} placeholder={t(empties ? 'form.reference.noneChosen' : 'form.reference.choose')} {...aria(props)} {...status(props)}
    />
  );
}

export function Checkboxes({ field, value, onChange, onBlur, labelledBy, describedBy, id }: WidgetProps) {
  const choices = choicesOf(field);
  const chosen = listOf(value);
  // In the order of the list, so that ticking and unticking leaves what was there.
  const give = (next: (string | number)[]) => onChange([...chosen.filter((one) => next.includes(one)), ...next.filter((one) => !chosen.includes(one))]);
  return (
    <div role="group" id={id} aria-labelledby={labelledBy} aria-describedby={describedBy} onBlur={onBlur}>
      <Checkbox.Group value={chosen} options={optionsOf(choices)} onChange={give} className="form-boxes" />
    </div>
  );
}

export function Choices(props: WidgetProps) {
  const { field, id, value, onChange, onBlur } = props;
  const { t } = useTranslation();
  return (
    <Select
      id={id} mode="multiple" allowClear={{ label: t('list.clear') }} value={listOf(value)} options={optionsOf(choicesOf(field))} onChange={onChange} onBlur={onBlur} placeholder={t('form.reference.noneChosen')}
      showSearch={{ filterOption: (typed, option) => found(typed, option as { label: string; value: string }) }} {...aria(props)} {...status(props)}
    />
  );
}

/** Texts or numbers without an order that says something: typed one after another. */
export function Tags(props: WidgetProps) {
  const { field, id, value, onChange, onBlur } = props;
  const { t } = useTranslation();
  const numeric = field.item?.type === 'integer' || field.item?.type === 'number';
  const give = (typed: (string | number)[]) => {
    if (!numeric) return onChange(typed.map(String));
    return onChange(typed.map((one) => (typeof one === 'number' ? one : Number(one.replace(/^AS/i, '')))).filter((one) => !Number.isNaN(one)));
  };
  return (
    <Select
      id={id} mode="tags" open={false} suffixIcon={null} value={listOf(value)} onChange={give} onBlur={onBlur} tokenSeparators={[',', ' ', '\n', '，', '、', ';']}
      placeholder={t(numeric ? 'form.list.typeNumbers' : 'form.list.typeWords')} {...aria(props)} {...status(props)}
    />
  );
}
