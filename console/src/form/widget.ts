// Which widget draws a field. It is decided by the field's description alone, never by the name of a kind.

import type { FormField } from './forms';

export type WidgetName =
  | 'text' | 'lines' | 'slug' | 'radio' | 'select' | 'switch' | 'integer' | 'number' | 'time' | 'duration' | 'secret' | 'object'
  | 'expression' | 'code' | 'color' | 'reference' | 'references'
  | 'checkboxes' | 'choices' | 'tags' | 'rows' | 'ordered' | 'structs' | 'struct' | 'raw';

/** How many choices stand side by side; more are a select. */
const few = 3;
/** How many choices of a list are boxes to tick; more are a select. */
const someBoxes = 8;

/** Languages of the code editor by the name of the widget. */
export const codeWidgets: Record<string, 'yaml' | 'json' | 'css' | 'text'> = { yaml: 'yaml', json: 'json', css: 'css', html: 'text' };

/** The widget's name without what it is told: "where" of "where:designation=enrollment". */
export const widgetHead = (field: FormField): string => field.widget.split(':', 1)[0] ?? '';

/** What a reference is narrowed to: { designation: "enrollment" } of "where:designation=enrollment". */
export function narrowing(field: FormField): Record<string, string> {
  const [head, ...rest] = field.widget.split(':');
  return head === 'where' ? Object.fromEntries(new URLSearchParams(rest.join(':'))) : {};
}

export function widgetOf(field: FormField): WidgetName {
  switch (field.type) {
    case 'boolean':
      return 'switch';
    case 'integer':
      return field.ref ? 'reference' : 'integer';
    case 'number':
    case 'time':
    case 'duration':
    case 'secret':
    case 'object':
      return field.type;
    case 'list':
      return ofList(field);
    case 'struct':
      return field.fields?.length ? 'struct' : 'raw';
    case 'string':
      return ofString(field);
    default:
      return 'raw';
  }
}

function ofString(field: FormField): WidgetName {
  const head = widgetHead(field);
  if (field.ref) return 'reference';
  if (field.write_only) return 'secret';
  if (head === 'expression' || head === 'color') return head;
  if (head in codeWidgets) return 'code';
  if (field.enum.length > 0) return field.enum.length <= few && !field.nullable && !field.blank ? 'radio' : 'select';
  if (field.slug) return 'slug';
  return field.multiline ? 'lines' : 'text';
}

function ofList(field: FormField): WidgetName {
  const item = field.item;
  if (!item) return 'raw';
  if (item.type === 'struct') return item.fields?.length ? 'structs' : 'raw';
  const ordered = widgetHead(field) === 'ordered';
  const ref = field.ref || item.ref;
  if (ref) return ordered ? 'ordered' : 'references';
  const choices = item.enum.length || field.enum.length;
  if (choices > 0) return ordered ? 'ordered' : choices <= someBoxes ? 'checkboxes' : 'choices';
  if (item.type === 'string' || item.type === 'integer' || item.type === 'number') return ordered ? 'rows' : 'tags';
  return 'raw';
}
