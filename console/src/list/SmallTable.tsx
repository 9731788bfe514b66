import { Table } from 'antd';

import type { Row } from '../api/query';
import { Empty } from '../shell/states';
import { cellColumns } from './columns';
import './list.css';
import type { ResourceListProps } from './types';

interface SmallTableProps<T> extends Pick<ResourceListProps<T>, 'columns' | 'rowKey' | 'label' | 'actions' | 'to'> {
  rows: T[];
  /** What to say when there are none. */
  empty?: React.ReactNode;
}

/** A table of a few rows that are all here. */
export function SmallTable<T extends object = Row>({ rows, empty, ...props }: SmallTableProps<T>) {
  const { columns, rowKey = 'pk', label } = props;
  const state = { page: 1, size: 20, search: '', order: '', filters: {}, columns: columns.map(({ key }) => key), narrowed: false, query: {} };
  if (rows.length === 0 && empty) return typeof empty === 'string' ? <Empty title={empty} /> : empty;
  return (
    <Table<T>
      aria-label={label}
      size="middle"
      columns={cellColumns({ ...props, columns: columns.map(({ sort: _, ...column }) => column), path: '' }, state)}
      dataSource={rows}
      rowKey={(row) => String((row as Row)[rowKey])}
      pagination={false}
      scroll={{ x: true }}
    />
  );
}
