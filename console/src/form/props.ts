import type { FaultsAt } from './check';
import type { FormField } from './forms';

/** What every widget gets. Its value is JSON as the API has it. */
export interface WidgetProps {
  field: FormField;
  id: string;
  value: unknown;
  onChange: (value: unknown) => void;
  onBlur: () => void;
  /** What is wrong, by the place within: '' is the value itself, '0.url' a part of it. */
  faults: FaultsAt<string>;
  /** The ids of what names and explains it, for controls that no label can point to. */
  labelledBy: string;
  describedBy: string;
  creating: boolean;
}

/** What screen readers are told of a control. */
export const aria = ({ faults, describedBy, field }: Pick<WidgetProps, 'faults' | 'describedBy' | 'field'>) => ({
  'aria-describedby': describedBy,
  'aria-invalid': Object.keys(faults).length > 0,
  'aria-required': field.required && !field.blank,
});

export const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
