import { ExportOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Select, Tooltip } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../api/query';
import { useList } from '../api/query';
import { Go } from '../shell/Go';
import { useForms } from './forms';
import type { Narrowing } from './references';
import { makers, targetOf, useReferred } from './references';
import { useFormDrawer } from './useFormDrawer';

export type Key = string | number;

interface ReferenceSelectProps {
  /** The noun: "flow", "stage", "propertymapping", "user" ... */
  to: string;
  /** What a reference holds: a key, or for several a list of them. */
  value: Key | Key[] | null | undefined;
  onChange: (value: Key | Key[] | null, rows?: Row[]) => void;
  label: string;
  multiple?: boolean;
  nullable?: boolean;
  /** Narrows what is offered; with `others` it is only offered first. */
  query?: Narrowing;
  /** Lets people look beyond the query. */
  others?: boolean;
  /** Whether a new object can be made beside it; it can unless this is false. */
  create?: boolean;
  id?: string;
  onBlur?: () => void;
  placeholder?: string;
  describedBy?: string;
  invalid?: boolean;
  disabled?: boolean;
}

/** How many are offered at a time; more are found by searching. */
const offered = 30;

/** Gives what somebody typed once they pause. */
function useSettled(text: string, wait = 250): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), wait);
    return () => clearTimeout(timer);
  }, [text, wait]);
  return settled;
}

/** Chooses objects by searching the server, and makes new ones beside. */
export function ReferenceSelect({ to, value, onChange, label, multiple, nullable, query, others, create = true, id, onBlur, placeholder, describedBy, invalid, disabled }: ReferenceSelectProps) {
  const { t } = useTranslation();
  const target = targetOf(to);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [beyond, setBeyond] = useState(false);
  const search = useSettled(typed);
  const narrowed = query && !beyond ? query : {};
  const list = useList(target?.path ?? '', { ...target?.query, ...narrowed }, target !== undefined && open, { search, page_size: offered, ordering: 'name' });
  const ids = useMemo(() => (Array.isArray(value) ? value : value === null || value === undefined || value === '' ? [] : [value]), [value]);
  const chosen = useReferred(to, ids);
  const forms = useForms().data ?? [];
  const makes = create ? makers(forms, to, query) : [];
  const drawer = useFormDrawer();

  const rows = useMemo(() => {
    const byKey = new Map<Key, Row>();
    for (const row of [...(chosen.data?.results ?? []), ...(open ? list.data?.results ?? [] : [])]) {
      const key = row[target?.value ?? 'pk'] as Key;
      if (ids.includes(key) || (list.data?.results ?? []).includes(row)) byKey.set(key, row);
    }
    return byKey;
  }, [chosen.data, list.data, open, ids, target]);
  const options = [...rows].map(([key, row]) => ({ value: key, label: target?.label(row) ?? String(key), detail: target?.detail?.(row) ?? '' }));
  // What is chosen and not there any more stands with its key.
  for (const key of ids) if (!rows.has(key)) options.push({ value: key, label: chosen.isPending && chosen.isFetching ? '…' : t('form.reference.gone', { key }), detail: '' });

  const give = (next: Key | Key[] | null | undefined) => {
    const plain = next ?? (multiple ? [] : null);
    onChange(plain, (Array.isArray(plain) ? plain : [plain]).map((key) => rows.get(key as Key)).filter((row) => row !== undefined));
  };
  const begin = () => drawer.open({
    ref: to,
    forms: makes,
    onSaved: (row) => {
      const key = row[target?.value ?? 'pk'] as Key;
      onChange(multiple ? [...ids, key] : key, [row]);
    },
  });
  const only = ids.length === 1 && !multiple ? rows.get(ids[0] as Key) : undefined;
  const page = only && target?.page?.(only);

  if (!target) return null;
  return (
    <Flex gap="small" className="form-reference">
      <Select
        id={id}
        {...(multiple && { mode: 'multiple' as const })}
        value={multiple ? ids : ids[0] ?? null}
        onChange={give}
        onBlur={onBlur}
        open={open}
        onOpenChange={(next) => { setOpen(next); if (!next) { setTyped(''); setBeyond(false); } }}
        showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
        allowClear={(nullable || multiple) && { label: t('list.clear') }}
        options={options}
        optionRender={({ data }) => <Flex justify="space-between" gap="small"><span className="form-option">{data.label}</span><span className="form-option-detail">{data.detail}</span></Flex>}
        loading={open && list.isFetching}
        notFoundContent={list.isFetching ? t('form.reference.searching') : t('form.reference.none')}
        placeholder={placeholder ?? t(nullable || multiple ? 'form.reference.noneChosen' : 'form.reference.choose')}
        aria-label={label}
        {...(describedBy && { 'aria-describedby': describedBy })}
        {...(invalid && { status: 'error' as const, 'aria-invalid': true })}
        disabled={disabled}
        popupRender={(menu) => (
          <>
            {menu}
            {open && (list.data?.pagination.count ?? 0) > offered && <div className="form-option-note">{t('form.reference.more', { count: (list.data?.pagination.count ?? 0) - offered })}</div>}
            {query && others && <Button type="text" block size="small" onMouseDown={(e) => e.preventDefault()} onClick={() => setBeyond(!beyond)}>{t(beyond ? 'form.reference.fitting' : 'form.reference.all')}</Button>}
          </>
        )}
        className="form-grow"
      />
      {page && <Tooltip title={t('form.reference.open')}><span><Go to={page} className="form-open" ariaLabel={t('form.reference.openNamed', { name: target.label(only) })}><ExportOutlined aria-hidden /></Go></span></Tooltip>}
      {makes.length > 0 && !disabled && <Tooltip title={t('form.reference.create')}><Button icon={<PlusOutlined />} aria-label={t('form.reference.createNamed', { name: label })} onClick={begin} /></Tooltip>}
      {drawer.element}
    </Flex>
  );
}
