import { FilterOutlined } from '@ant-design/icons';
import { Button, DatePicker, Flex, Grid, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Filter, FilterOption } from './types';
import { clear } from '../shell/Clear';

interface FiltersProps {
  filters: Filter[];
  values: Record<string, string>;
  onChange: (change: Record<string, string | undefined>) => void;
}

/** The ways to narrow a list. */
export function Filters({ filters, values, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
  const chosen = Object.keys(values).length;
  const [open, setOpen] = useState(chosen > 0);
  // On a phone they would push the list off the screen.
  const folded = !wide && filters.length > 2;
  return (
    <Flex gap="small" wrap>
      {folded && (
        <Button icon={<FilterOutlined />} aria-expanded={open} onClick={() => setOpen(!open)}>
          {chosen > 0 ? t('list.filtersChosen', { count: chosen }) : t('list.filters')}
        </Button>
      )}
      {(!folded || open) && filters.map((filter) => <One key={filter.name} filter={filter} values={values} onChange={onChange} />)}
    </Flex>
  );
}

function One({ filter, values, onChange }: { filter: Filter } & Omit<FiltersProps, 'filters'>) {
  const { t } = useTranslation();
  const value = values[filter.name];
  const { name, label } = filter;
  if (filter.type === 'time') return <Range filter={filter} values={values} onChange={onChange} />;
  if (filter.type === 'text') return <Typed key={value ?? ''} label={label} value={value ?? ''} onChange={(text) => onChange({ [name]: text })} />;
  if (filter.load) return <Remote filter={filter} load={filter.load} value={value} onChange={onChange} />;
  const yesNo = [{ value: 'true', label: t('list.yes') }, { value: 'false', label: t('list.no') }];
  const several = filter.type === 'multiple';
  return (
    <Select<string | string[]>
      allowClear={{ label: t('list.clear') }}
      className="list-filter"
      aria-label={label}
      placeholder={label}
      {...(several && { mode: 'multiple' as const, maxTagCount: 'responsive' as const })}
      {...(value && { value: several ? value.split(',') : value })}
      value={value ? (several ? value.split(',') : value) : (several ? [] : null as unknown as string)}
      options={filter.type === 'boolean' ? yesNo.map((option) => ({ ...option, label: `${label}: ${option.label}` })) : (filter.options ?? [])}
      onChange={(chosen) => onChange({ [name]: Array.isArray(chosen) ? chosen.join(',') : chosen })}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
    />
  );
}

function Typed({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <Input
      allowClear={clear}
      className="list-filter"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(e) => { setText(e.target.value); if (!e.target.value && value) onChange(''); }}
      onPressEnter={() => onChange(text.trim())}
      onBlur={() => text.trim() !== value && onChange(text.trim())}
    />
  );
}

function Remote({ filter, load, value, onChange }: { filter: Filter; load: (search: string) => Promise<FilterOption[]>; value: string | undefined; onChange: FiltersProps['onChange'] }) {
  const { t } = useTranslation();
  const [options, setOptions] = useState<FilterOption[]>([]);
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState(false);
  const wanted = open || Boolean(value);
  useEffect(() => {
    if (!wanted) return undefined;
    let late = false;
    const timer = setTimeout(() => void load(search).then((found) => !late && setOptions(found)).catch(() => {}), search ? 250 : 0);
    return () => {
      late = true;
      clearTimeout(timer);
    };
    // load is made anew at each drawing; what it asks for changes with the search only.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [search, wanted]);
  return (
    <Select
      allowClear={{ label: t('list.clear') }}
      className="list-filter"
      aria-label={filter.label}
      placeholder={filter.label}
      value={value ?? null}
      options={options}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      onOpenChange={setOpen}
      onChange={(chosen: string | null | undefined) => onChange({ [filter.name]: chosen ?? undefined })}
      popupMatchSelectWidth={false}
    />
  );
}

function Range({ filter, values, onChange }: { filter: Filter } & Omit<FiltersProps, 'filters'>) {
  const { t } = useTranslation();
  const day = (name: string) => {
    const time = values[name] ? dayjs(values[name]) : null;
    return time?.isValid() ? time : null;
  };
  const from = day(`${filter.name}__gte`);
  const until = day(`${filter.name}__lt`);
  return (
    <DatePicker.RangePicker
      aria-label={filter.label}
      allowEmpty={[true, true]}
      placeholder={[t('list.from', { what: filter.label }), t('list.until')]}
      value={[from, until && until.subtract(1, 'ms')]}
      onChange={(range) => onChange({
        [`${filter.name}__gte`]: range?.[0]?.startOf('day').toISOString(),
        [`${filter.name}__lt`]: range?.[1]?.add(1, 'day').startOf('day').toISOString(),
      })}
    />
  );
}
