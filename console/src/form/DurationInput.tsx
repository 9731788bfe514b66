import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Input, InputNumber, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Span, Unit } from './duration';
import { formatDuration, parseDuration, units } from './duration';

interface DurationInputProps {
  /** "hours=1;minutes=30" */
  value: string;
  onChange: (value: string) => void;
  label: string;
  id?: string;
  onBlur?: () => void;
  describedBy?: string;
  invalid?: boolean;
}

/** A duration as numbers with their units. What cannot be read so, or is better typed, stands as text. */
export function DurationInput({ value, onChange, label, id, onBlur, describedBy, invalid }: DurationInputProps) {
  const { t } = useTranslation();
  const [asText, setAsText] = useState(false);
  const spans = parseDuration(value);
  const told = { ...(describedBy && { 'aria-describedby': describedBy }), ...(invalid && { status: 'error' as const, 'aria-invalid': true }) };
  if (asText || !spans) {
    return (
      <Space.Compact block>
        <Input id={id} className="code" value={value} onChange={(e) => onChange(e.target.value)} onBlur={onBlur} aria-label={label} placeholder="hours=1;minutes=30" {...told} />
        <Button disabled={!spans} onClick={() => setAsText(false)}>{t('form.duration.numbers')}</Button>
      </Space.Compact>
    );
  }
  const shown: Span[] = spans.length > 0 ? spans : [{ count: 0, unit: 'minutes' }];
  const change = (next: Span[]) => onChange(formatDuration(next));
  const replace = (i: number, change_: Partial<Span>) => change(shown.map((span, at) => (at === i ? { ...span, ...change_ } : span)));
  const unused = units.filter((unit) => !shown.some((span) => span.unit === unit));
  const finer = unused.find((unit) => units.indexOf(unit) < units.indexOf(shown.at(-1)?.unit ?? 'weeks') && units.indexOf(unit) >= units.indexOf('seconds')) ?? unused[0];
  return (
    <Flex wrap gap="small" align="center" className="form-duration">
      {shown.map(({ count, unit }, i) => (
        <Space.Compact key={`${i}-${unit}`}>
          <InputNumber
            {...(i === 0 && id && { id })}
            value={count}
            onChange={(next) => replace(i, { count: Number(next ?? 0) })}
            onBlur={onBlur}
            aria-label={t('form.duration.count', { name: label, unit: t(`form.duration.unit.${unit}`) })}
            className="form-count"
            {...told}
          />
          <Select<Unit>
            value={unit}
            onChange={(next) => replace(i, { unit: next })}
            aria-label={t('form.duration.unitOf', { name: label })}
            options={units.map((one) => ({ value: one, label: t(`form.duration.unit.${one}`), disabled: one !== unit && !unused.includes(one) }))}
            popupMatchSelectWidth={false}
            className="form-unit"
          />
          {shown.length > 1 && <Button icon={<MinusCircleOutlined />} aria-label={t('form.duration.remove', { unit: t(`form.duration.unit.${unit}`) })} onClick={() => change(shown.filter((_, at) => at !== i))} />}
        </Space.Compact>
      ))}
      {finer && <Button type="text" size="small" icon={<PlusOutlined />} aria-label={t('form.duration.add', { name: label })} onClick={() => change([...shown, { count: 0, unit: finer }])} />}
      <Button type="text" size="small" onClick={() => setAsText(true)}>{t('form.duration.text')}</Button>
    </Flex>
  );
}
