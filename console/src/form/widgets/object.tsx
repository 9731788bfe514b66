import { Input } from 'antd';
import { useRef } from 'react';

import type { Row } from '../../api/query';
import { ObjectEditor } from '../ObjectEditor';
import type { WidgetProps } from '../props';
import { aria } from '../props';

export function ObjectField({ field, id, value, onChange, onBlur, labelledBy, describedBy, faults }: WidgetProps) {
  const last = useRef<Row>({});
  // A text that cannot be read stands as text in the draft, so that it is not saved; so do rows that are no object yet.
  const unread = typeof value === 'string';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) last.current = value as Row;
  return <ObjectEditor id={id} value={last.current} onChange={onChange} onUnread={onChange} unread={unread} onBlur={onBlur} label={field.title} labelledBy={labelledBy} describedBy={describedBy} invalid={Object.keys(faults).length > 0} />;
}

/** For what no widget fits: the tests list every such field, and why. */
export function Raw(props: WidgetProps) {
  return <Input.TextArea id={props.id} readOnly className="code grows" rows={4} value={JSON.stringify(props.value, null, 2)} {...aria(props)} />;
}
