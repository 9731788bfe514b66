import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, HolderOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex } from 'antd';
import type { DragEvent, ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface ListEditorProps<T> {
  items: readonly T[];
  onChange: (items: T[]) => void;
  /** Draws one item. */
  render: (item: T, i: number, change: (item: T) => void) => ReactNode;
  /** What the item is called by the buttons beside it. */
  name: (item: T, i: number) => string;
  /** The list's own name. */
  label: string;
  /** Whether the order says something: then items can be dragged, and moved by buttons. */
  ordered?: boolean;
  /** What a new item is; without it none can be added here. */
  fresh?: () => T;
  addLabel?: string;
  /** Stands where there are no items. */
  empty?: ReactNode;
  /** Items that are forms of their own stand in boxes. */
  boxed?: boolean;
  labelledBy?: string;
  describedBy?: string;
}

/** The list with one item moved. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const out = [...items];
  const [item] = out.splice(from, 1);
  if (item === undefined || to < 0 || to >= items.length) return [...items];
  out.splice(to, 0, item);
  return out;
}

/** A list whose items are added, changed, taken away and, where their order says something, moved: by the handle or by buttons. */
export function ListEditor<T>({ items, onChange, render, name, label, ordered, fresh, addLabel, empty, boxed, labelledBy, describedBy }: ListEditorProps<T>) {
  const { t } = useTranslation();
  const [from, setFrom] = useState<number>();
  const [over, setOver] = useState<number>();
  const drop = (e: DragEvent, to: number) => {
    e.preventDefault();
    if (from !== undefined) onChange(moved(items, from, to));
    setFrom(undefined);
    setOver(undefined);
  };
  const move = (i: number, to: number, target: HTMLElement) => {
    onChange(moved(items, i, to));
    // The button that was pressed goes along with its item.
    const row = target.closest('ul')?.children[to];
    const same = target.dataset.move;
    requestAnimationFrame(() => row?.querySelector<HTMLElement>(`[data-move="${same}"]:not(:disabled), [data-move]:not(:disabled)`)?.focus());
  };
  return (
    <div role="group" {...(labelledBy ? { 'aria-labelledby': labelledBy } : { 'aria-label': label })} {...(describedBy && { 'aria-describedby': describedBy })}>
      {items.length === 0 && empty}
      <ul className="form-list">
        {items.map((item, i) => (
          <li
            key={i} // Items have no identity of their own; all of them are drawn from the value.
            className={['form-list-item', boxed && 'form-list-boxed', over === i && from !== i && 'form-list-over'].filter(Boolean).join(' ')}
            {...(ordered && { onDragOver: (e: DragEvent) => { if (from !== undefined) { e.preventDefault(); setOver(i); } }, onDrop: (e: DragEvent) => drop(e, i) })}
          >
            {ordered && (
              <span className="form-handle" draggable onDragStart={(e) => { e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', String(i)); setFrom(i); }} onDragEnd={() => { setFrom(undefined); setOver(undefined); }} title={t('form.list.drag')}>
                <HolderOutlined aria-hidden />
              </span>
            )}
            <div className="form-grow">{render(item, i, (next) => onChange(items.map((one, at) => (at === i ? next : one))))}</div>
            <Flex gap={2} className="form-list-buttons">
              {ordered && <Button type="text" size="small" data-move="up" icon={<ArrowUpOutlined />} disabled={i === 0} aria-label={t('form.list.up', { name: name(item, i) })} onClick={(e) => move(i, i - 1, e.currentTarget)} />}
              {ordered && <Button type="text" size="small" data-move="down" icon={<ArrowDownOutlined />} disabled={i === items.length - 1} aria-label={t('form.list.down', { name: name(item, i) })} onClick={(e) => move(i, i + 1, e.currentTarget)} />}
              <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('form.list.remove', { name: name(item, i) })} onClick={() => onChange(items.filter((_, at) => at !== i))} />
            </Flex>
          </li>
        ))}
      </ul>
      {fresh && <Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...items, fresh()])}>{addLabel ?? t('form.list.add')}</Button>}
    </div>
  );
}
