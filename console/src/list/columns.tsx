import { MoreOutlined } from '@ant-design/icons';
import type { TableProps } from 'antd';
import { Button, Dropdown } from 'antd';
import type { ColumnType, SorterResult } from 'antd/es/table/interface';
import type { MouseEvent, ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../api/query';
import { Go } from '../shell/Go';
import { useSay } from '../shell/say';
import type { Action, Column, ResourceListProps } from './types';
import type { ListState } from './useListState';
import { nameOf } from './ResourceList';

const sortName = <T,>(column: Column<T>) => (typeof column.sort === 'string' ? column.sort : column.key);

/** The table's columns: those chosen, the first one leading to the row's page, and a menu of what can be done. */
export function cellColumns<T extends object>({ columns, actions = [], to, rowKey = 'pk' }: ResourceListProps<T>, state: ListState): NonNullable<TableProps<T>['columns']> {
  const shown = columns.filter(({ key }) => state.columns.includes(key));
  const out: ColumnType<T>[] = shown.map((column, i) => ({
    key: column.key,
    title: column.title,
    ...(column.width !== undefined && { width: column.width }),
    ...(column.sort && {
      sorter: true,
      sortOrder: state.order === sortName(column) ? 'ascend' as const : state.order === `-${sortName(column)}` ? 'descend' as const : null,
    }),
    render: (_: unknown, row: T) => {
      const content = column.render ? column.render(row) : plain((row as Row)[column.key]);
      return (
        <Cell first={i === 0}>{i === 0 && to ? <Go to={to(row)} className="list-name">{content || nameOf(row, rowKey)}</Go> : content}</Cell>
      );
    },
  }));
  const own = actions.filter(({ one = true }) => one);
  if (own.length > 0) {
    out.push({
      key: ' actions', title: <span className="off-screen"><Actions /></span>, width: 56, fixed: 'end',
      render: (_: unknown, row: T) => <RowMenu row={row} actions={own} name={nameOf(row, rowKey)} />,
    });
  }
  return out;
}

/** What stands in a cell: as wide as lets its neighbours be seen, and as high as a few lines. The whole is told to whoever points at it. */
function Cell({ first, children }: { first: boolean; children: ReactNode }) {
  const tell = ({ currentTarget: cell }: MouseEvent<HTMLElement>) => {
    const cut = [cell, ...cell.querySelectorAll<HTMLElement>('.person-names > *')].some(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 4);
    cell.title = cut ? cell.innerText : '';
  };
  return <div className={first ? 'list-cell list-cell-first' : 'list-cell'} onMouseEnter={tell}>{children}</div>;
}

function Actions() {
  return useTranslation().t('list.actions');
}

function plain(value: unknown): ReactNode {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return <YesNo value={value} />;
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A truth as a word. */
export function YesNo({ value }: { value: boolean }) {
  const { t } = useTranslation();
  return value ? t('list.yes') : t('list.no');
}

/** The order that a table asks for, in the API's words. */
export function orderOf<T>(sorter: SorterResult<T> | SorterResult<T>[], columns: Column<T>[]): string {
  const { columnKey, order } = Array.isArray(sorter) ? sorter[0] ?? {} : sorter;
  const column = columns.find(({ key }) => key === columnKey);
  return !order || !column ? '' : `${order === 'descend' ? '-' : ''}${sortName(column)}`;
}

function RowMenu<T extends object>({ row, actions, name }: { row: T; actions: Action<T>[]; name: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const run = async (action: Action<T>) => {
    if (action.ask && !(await action.ask([row]))) return;
    setBusy(true);
    try {
      await action.run(row);
    } catch (err) {
      say.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const items = actions.filter(({ show }) => !show || show(row)).map((action) => ({
    key: action.key, label: action.label, icon: action.icon, danger: action.danger ?? false, onClick: () => void run(action),
  }));
  if (items.length === 0) return null;
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button type="text" icon={<MoreOutlined />} loading={busy} aria-label={t('list.actionsOf', { name })} />
    </Dropdown>
  );
}
