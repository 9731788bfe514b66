import { Alert, Button, Flex, Progress } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/client';
import type { Row } from '../api/query';
import { useReason } from '../shell/states';
import { nameOf } from './ResourceList';
import type { Action } from './types';

interface BulkProps {
  rows: Row[];
  actions: Action<Row>[];
  rowKey: string;
  onDone: () => void;
}

/** What can be done with the selected rows. They are taken in turn; what fails is named, and the rest goes on. */
export function Bulk({ rows, actions, rowKey, onDone }: BulkProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const [done, setDone] = useState<number | null>(null);
  const [failed, setFailed] = useState<{ name: string; why: string }[]>([]);
  const stop = useRef(false);
  const run = async (action: Action<Row>) => {
    if (action.runMany) {
      await action.runMany(rows);
      return onDone();
    }
    stop.current = false;
    const faults: { name: string; why: string }[] = [];
    for (const [i, row] of rows.entries()) {
      if (stop.current) break;
      setDone(i);
      try {
        await action.run(row);
      } catch (err) {
        faults.push({ name: nameOf(row, rowKey), why: reason(err) });
        if (err instanceof ApiError && (err.lost || err.signedOut)) break; // the rest would fare no better
      }
    }
    setDone(null);
    setFailed(faults);
    if (faults.length === 0) onDone();
  };
  return (
    <div className="list-bulk" role="region" aria-label={t('list.selected', { count: rows.length })}>
      <Flex gap="small" align="center" wrap>
        <span>{t('list.selected', { count: rows.length })}</span>
        {done === null && actions.map((action) => (
          <Button key={action.key} size="small" danger={action.danger ?? false} icon={action.icon} onClick={() => void run(action)}>{action.label}</Button>
        ))}
        {done === null && <Button size="small" type="link" onClick={onDone}>{t('list.deselect')}</Button>}
        {done !== null && <Progress className="list-progress" percent={Math.round((100 * done) / rows.length)} aria-label={t('list.progress')} />}
        {done !== null && <Button size="small" onClick={() => { stop.current = true; }}>{t('list.stop')}</Button>}
      </Flex>
      {failed.length > 0 && (
        <Alert
          type="error"
          showIcon
          closable={{ onClose: onDone }}
          title={t('list.failed', { count: failed.length })}
          description={<ul>{failed.slice(0, 20).map(({ name, why }) => <li key={name}>{name}: {why}</li>)}</ul>}
        />
      )}
    </div>
  );
}
