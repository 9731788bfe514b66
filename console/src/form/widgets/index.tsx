// The widgets by name. Each draws one value.

import type { FC } from 'react';

import type { WidgetProps } from '../props';
import type { WidgetName } from '../widget';
import { widgetOf } from '../widget';
import { Checkboxes, Choices, Radios, SelectOne, Tags } from './choice';
import { Code, Expression } from './code';
import { Items, Rows, Structs, Struct } from './list';
import { Raw, ObjectField } from './object';
import { Reference, References } from './reference';
import { Color, DurationField, Lines, NumberField, SecretField, Slug, Text, Time, Toggle } from './text';

export const widgets: Record<WidgetName, FC<WidgetProps>> = {
  text: Text, lines: Lines, slug: Slug, color: Color, switch: Toggle, integer: NumberField, number: NumberField, time: Time, duration: DurationField, secret: SecretField,
  radio: Radios, select: SelectOne, checkboxes: Checkboxes, choices: Choices, tags: Tags,
  expression: Expression, code: Code, object: ObjectField, raw: Raw,
  reference: Reference, references: References,
  rows: Rows, ordered: Items, structs: Structs, struct: Struct,
};

/** Draws the value of a field with the widget that fits it. */
export function Widget(props: WidgetProps) {
  const Drawn = widgets[widgetOf(props.field)];
  return <Drawn {...props} />;
}
