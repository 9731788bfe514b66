import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { ApiError } from '../api/client';
import { useFaultText } from '../form/draft';
import { useReason } from '../shell/states';
import type { Filter } from './types';
import { namesOf } from './useListState';

/** What takes all that narrows a list out of the address. */
export const cleared = (filters: Filter[]): Record<string, undefined> =>
  Object.fromEntries(['search', 'order', ...filters.flatMap(namesOf)].map((name) => [name, undefined]));

/** The server does not take what the address asks for, such as a filter's value that somebody typed there. */
export function Refused({ error, filters, onClear }: { error: ApiError; filters: Filter[]; onClear: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  const say = useFaultText();
  const labelOf = (name: string) => filters.find((filter) => namesOf(filter).includes(name))?.label ?? name;
  const faults = Object.entries(error.fields);
  return (
    <Alert
      type="error"
      showIcon
      title={t('list.refused')}
      description={faults.length === 0 ? reason(error) : (
        <ul className="list-refused">{faults.map(([name, [fault = '']]) => <li key={name}>{t('list.refusedFilter', { name: labelOf(name), fault: say(fault) })}</li>)}</ul>
      )}
      action={<Button onClick={onClear}>{t('list.clearFilters')}</Button>}
    />
  );
}
