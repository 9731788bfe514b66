import { DownloadOutlined, ReloadOutlined, SearchOutlined, TableOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Flex, Input, Popover, Tooltip } from 'antd';
import type { MouseEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { base, call, queryString } from '../api/client';
import type { ResourceListProps } from './types';
import type { ListState } from './useListState';
import { clear } from '../shell/Clear';
import { useSay } from '../shell/say';

interface ToolbarProps<T> extends ResourceListProps<T> {
  state: ListState;
  set: (names: Record<string, string | number | undefined>, options?: { replace?: boolean }) => void;
  /** There is nothing to search in. */
  quiet: boolean;
}

export function Toolbar<T>({ path, columns, label, search = true, toolbar, query, csv = true, state, set, quiet }: ToolbarProps<T>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const fields = columns.filter(({ key, csv: name }) => name !== false && state.columns.includes(key)).map(({ key, csv: name }) => (name || key));
  const file = `${base}/${path}/${queryString({ ...query, ...state.query, format: 'csv', fields: fields.join(',') })}`;
  const [exporting, setExporting] = useState(false);
  // A browser saves whatever comes, an ended session's refusal too: so the same list is asked for first, where everybody sees it fail.
  const exportTo = async (e: MouseEvent<HTMLElement>) => {
    e.preventDefault();
    setExporting(true);
    try {
      const asked = { ...query, ...state.query, page_size: 1 };
      await client.fetchQuery({ queryKey: ['export', path, asked], queryFn: () => call('GET', path, { query: asked }), staleTime: 0, gcTime: 0 });
      save(file);
    } catch (err) {
      say.failed(err);
    } finally {
      setExporting(false);
    }
  };
  return (
    <Flex gap="small" wrap justify="space-between" className="list-tools">
      <div className="list-search">
        {search && !quiet && <Search value={state.search} label={label} onChange={(text) => set({ search: text || undefined }, { replace: true })} />}
      </div>
      <Flex gap="small" wrap>
        {!quiet && <Tooltip title={t('list.reload')}><Button icon={<ReloadOutlined />} aria-label={t('list.reload')} onClick={() => void client.invalidateQueries()} /></Tooltip>}
        {!quiet && columns.length > 2 && <Columns columns={columns} state={state} onChange={(keys) => set({ columns: keys.join(','), page: state.page })} />}
        {!quiet && csv && <Tooltip title={t('list.csv')}><Button icon={<DownloadOutlined />} href={file} download loading={exporting} aria-label={t('list.csv')} onClick={(e) => void exportTo(e)} /></Tooltip>}
        {toolbar}
      </Flex>
    </Flex>
  );
}

/** Lets the browser save what an address answers. */
function save(address: string) {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

/** A search that waits for a pause in typing. */
function Search({ value, label, onChange }: { value: string; label: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  // What was sent comes back later and without its blanks: whoever types on meanwhile keeps what they typed. Anything else is another address.
  const sent = useRef(value);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  const send = () => {
    sent.current = text.trim();
    onChange(sent.current);
  };
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(send, 350);
    return () => clearTimeout(timer);
    // send is made anew at each drawing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, value]);
  return (
    <Input
      type="search"
      allowClear={clear}
      prefix={<SearchOutlined aria-hidden />}
      placeholder={t('list.search')}
      aria-label={t('list.searchIn', { what: label })}
      value={text}
      onChange={(e) => setText(e.target.value)}
      onPressEnter={send}
    />
  );
}

function Columns<T>({ columns, state, onChange }: { columns: ResourceListProps<T>['columns']; state: ListState; onChange: (keys: string[]) => void }) {
  const { t } = useTranslation();
  const [first, ...rest] = columns;
  const choice = (
    <Checkbox.Group
      className="list-columns"
      value={state.columns}
      options={rest.map(({ key, title }) => ({ value: key, label: title }))}
      onChange={(keys) => onChange(columns.map(({ key }) => key).filter((key) => key === first?.key || keys.includes(key)))}
    />
  );
  return (
    <Popover trigger="click" placement="bottomRight" title={t('list.columns')} content={choice}>
      <Button icon={<TableOutlined />} aria-label={t('list.columns')} />
    </Popover>
  );
}
