import { ColorPicker, Flex, Input, InputNumber, Switch } from 'antd';
import { useTranslation } from 'react-i18next';

import { useDraftAround } from '../draft';
import { DurationInput } from '../DurationInput';
import type { WidgetProps } from '../props';
import { aria, text } from '../props';
import { SecretInput } from '../SecretInput';

const status = ({ faults }: WidgetProps) => (Object.keys(faults).length > 0 ? { status: 'error' as const } : {});

/** An empty text where null is allowed and was there is null again. */
const given = ({ field }: WidgetProps, typed: string) => (typed === '' && field.nullable ? null : typed);

export function Text(props: WidgetProps) {
  const { field, id, value, onChange, onBlur } = props;
  return (
    <Input
      id={id} value={text(value)} onChange={(e) => onChange(given(props, e.target.value))} onBlur={onBlur}
      {...(field.max_length > 0 && { count: { max: field.max_length, show: ({ count }) => (count > field.max_length * 0.8 ? `${count} / ${field.max_length}` : '') } })}
      {...aria(props)} {...status(props)}
    />
  );
}

/** The part of an address: letters that none has are not taken for a slip of the server's. */
export function Slug(props: WidgetProps) {
  const { id, value, onChange, onBlur } = props;
  return <Input id={id} className="code" value={text(value)} onChange={(e) => onChange(e.target.value)} onBlur={onBlur} spellCheck={false} autoCapitalize="off" {...aria(props)} {...status(props)} />;
}

export function Lines(props: WidgetProps) {
  const { field, id, value, onChange, onBlur } = props;
  if (field.write_only && !props.creating) return <SecretField {...props} />;
  return <Input.TextArea id={id} value={text(value)} onChange={(e) => onChange(given(props, e.target.value))} onBlur={onBlur} rows={3} className="grows" {...aria(props)} {...status(props)} />;
}

export function Toggle({ id, value, onChange, labelledBy, describedBy }: WidgetProps) {
  return <Switch id={id} checked={value === true} onChange={onChange} aria-labelledby={labelledBy} aria-describedby={describedBy} />;
}

export function NumberField(props: WidgetProps) {
  const { field, id, value, onChange, onBlur } = props;
  return (
    <InputNumber
      id={id} value={typeof value === 'number' ? value : null} onChange={(next) => onChange(next ?? null)} onBlur={onBlur} className="form-number"
      {...(field.type === 'integer' && { precision: 0 })} {...aria(props)} {...status(props)}
    />
  );
}

/** A time in the reader's own zone, as its field of the browser wants it: "2026-11-22T14:30". */
function local(value: unknown): string {
  const time = new Date(text(value));
  if (value === null || value === undefined || value === '' || Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function Time(props: WidgetProps) {
  const { field, id, value, onChange, onBlur } = props;
  const { t } = useTranslation();
  return (
    <Flex gap="small" align="center" wrap>
      <Input
        id={id} type="datetime-local" value={local(value)} className="form-time" onBlur={onBlur} {...aria(props)} {...status(props)}
        onChange={(e) => onChange(e.target.value ? new Date(e.target.value).toISOString() : field.nullable ? null : '')}
      />
      <span className="form-help">{t('form.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}</span>
    </Flex>
  );
}

export function DurationField({ id, field, value, onChange, onBlur, describedBy, faults }: WidgetProps) {
  return <DurationInput id={id} value={text(value)} onChange={onChange} onBlur={onBlur} label={field.title} describedBy={describedBy} invalid={Object.keys(faults).length > 0} />;
}

export function SecretField({ id, field, value, onChange, onBlur, describedBy, faults, creating }: WidgetProps) {
  const stored = useDraftAround()?.object?.data.secrets_set;
  return (
    <SecretInput
      id={id} value={typeof value === 'string' ? value : undefined} onChange={onChange} onBlur={onBlur} label={field.title} describedBy={describedBy}
      invalid={Object.keys(faults).length > 0} kept={field.write_only && !creating} readable={!field.write_only} multiline={field.multiline}
      {...(Array.isArray(stored) && { stored: stored.includes(field.name) })}
    />
  );
}

export function Color(props: WidgetProps) {
  const { id, value, onChange } = props;
  return (
    <Flex gap="small">
      <ColorPicker value={text(value) || null} onChangeComplete={(colour) => onChange(colour.toHexString())} disabledAlpha />
      <Text {...props} id={id} />
    </Flex>
  );
}
