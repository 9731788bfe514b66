// A list of the server's that may have a million rows: the server pages, searches, sorts and narrows.

import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Alert, Flex, Table, Typography } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/client';
import type { Row } from '../api/query';
import { useList } from '../api/query';
import { formatNumber } from '../i18n/format';
import { Empty, Problem } from '../shell/states';
import { Bulk } from './Bulk';
import { cellColumns, orderOf } from './columns';
import { Filters } from './Filters';
import { cleared, Refused } from './Refused';
import { Toolbar } from './Toolbar';
import type { ResourceListProps } from './types';
import { pageSizes, useListState } from './useListState';
import './list.css';

export function ResourceList<T extends object = Row>(props: ResourceListProps<T>) {
  const { path, columns, rowKey = 'pk', label, filters = none, actions = none, query, empty, scope = '', expand, defaultOrder = '' } = props;
  const { t } = useTranslation();
  const [state, set] = useListState<T>(columns, filters as never, scope, defaultOrder);
  const { data, error, isFetching, refetch } = useList<T>(path, query, true, { ...state.query, page: state.page, page_size: state.size });
  const [selected, setSelected] = useState<T[]>([]);
  const whose = JSON.stringify([path, query]);
  const [of, setOf] = useState(whose);
  if (of !== whose) {
    setOf(whose);
    setSelected([]); // what was selected is another's
  }
  const cells = useMemo(() => cellColumns(props, state), [props, state]);
  const keyOf = (row: T) => String((row as Row)[rowKey]);
  const leave = (done: Row[]) => {
    const keys = new Set(done.map((row) => keyOf(row as T)));
    setSelected((now) => now.filter((row) => !keys.has(keyOf(row))));
  };

  // The last row of the last page was deleted, or the address is old.
  const beyond = error instanceof ApiError && error.status === 404 && state.page > 1;
  const back = beyond && !isFetching;
  useEffect(() => {
    if (back) set({ page: undefined }, { replace: true });
  }, [back, set]);

  // A filter, an order or a search that stands wrong in the address: it can be mended here.
  const failed = error && !data && !beyond;
  const nothing = data?.pagination.count === 0 && !state.narrowed;
  const many = actions.filter((action) => action.many);
  return (
    <section aria-label={label} className="list">
      <Toolbar {...props} state={state} set={set} quiet={nothing} />
      {!nothing && filters.length > 0 && <Filters filters={filters as never} values={state.filters} onChange={(change) => set(change)} />}
      {error && data && <Alert type="warning" showIcon title={t('list.stale')} />}
      {selected.length > 0 && <Bulk rows={selected as Row[]} actions={many as never} rowKey={rowKey} onDone={leave} onClose={() => setSelected([])} />}
      {failed && error instanceof ApiError && error.status === 400
        ? <Refused error={error} filters={filters as never} onClear={() => set(cleared(filters as never))} />
        : failed && <Problem error={error} onRetry={() => void refetch()} />}
      {failed ? null : nothing ? (empty ?? <Empty title={t('list.nothing')} />) : (
        <Table<T>
          aria-label={label}
          columns={cells}
          dataSource={data?.results ?? []}
          rowKey={keyOf}
          loading={isFetching && !data ? true : { spinning: isFetching, delay: 300 }}
          scroll={{ x: true }}
          size="middle"
          locale={{ emptyText: data ? <Empty title={t('list.noMatch')} text={t('list.noMatchText')} /> : <div className="list-waiting" /> }}
          {...(many.length > 0 && {
            rowSelection: {
              selectedRowKeys: selected.map(keyOf),
              preserveSelectedRowKeys: true,
              onChange: (_, rows) => setSelected(rows),
              getCheckboxProps: (row) => ({ 'aria-label': t('list.select', { name: nameOf(row, rowKey) }) } as object),
              getTitleCheckboxProps: () => ({ 'aria-label': t('list.selectAll') } as object),
            },
          })}
          {...(expand && { expandable: { expandedRowRender: expand, columnTitle: <span className="off-screen">{t('list.more')}</span> } })}
          onChange={(_, __, sorter) => {
            const order = orderOf(sorter, columns);
            if (order !== state.order) set({ order: order || undefined });
          }}
          pagination={{
            current: state.page,
            pageSize: state.size,
            total: data?.pagination.count ?? 0,
            showSizeChanger: true,
            pageSizeOptions: pageSizes,
            hideOnSinglePage: (data?.pagination.count ?? 0) <= pageSizes[0]!,
            showTotal: (count) => t('list.count', { count, number: formatNumber(count) }),
            onChange: (page, size) => set(size === state.size ? { page } : { page: undefined, size }),
            responsive: true,
            itemRender: (_, type, element) => (type === 'prev' || type === 'next' ? <Step back={type === 'prev'} /> : element),
          }}
        />
      )}
      {data && !nothing && data.pagination.count <= pageSizes[0]! && (
        <Flex justify="end"><Typography.Text type="secondary">{t('list.count', { count: data.pagination.count, number: formatNumber(data.pagination.count) })}</Typography.Text></Flex>
      )}
    </section>
  );
}

const none: never[] = [];

/** The way to the page before or after. */
function Step({ back }: { back: boolean }) {
  const { t } = useTranslation();
  return <button type="button" className="ant-pagination-item-link" aria-label={t(back ? 'list.previous' : 'list.next')}>{back ? <LeftOutlined /> : <RightOutlined />}</button>;
}

/** What a row is called, as far as its properties tell. */
export function nameOf(row: object, rowKey: string): string {
  const { name, username, domain, title, identifier, slug } = row as Row;
  return String(name || username || domain || title || identifier || slug || (row as Row)[rowKey]);
}
