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
  /** Takes what is done out of the selection. */
  onDone: (rows: Row[]) => void;
  /** Takes everything out of it. */
  onClose: () => void;
}

/** What came of a run that did not do everything. */
interface Report {
  failed: { name: string; why: string }[];
  /** How many it did not come to. */
  left: number;
}

const nothing: Report = { failed: [], left: 0 };

/**
 * What can be done with the selected rows. They are taken in turn; what fails is named, and the rest goes on. What is done leaves the selection at once, so that doing it again takes
 * only what remains.
 */
export function Bulk({ rows, actions, rowKey, onDone, onClose }: BulkProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const [percent, setPercent] = useState<number | null>(null);
  const [{ failed, left }, setReport] = useState(nothing);
  const stop = useRef(false);
  const run = async (action: Action<Row>) => {
    setReport(nothing);
    if (action.runMany) {
      const done = await action.runMany(rows);
      return onDone(rows.filter((_, i) => done[i]));
    }
    if (action.ask && !(await action.ask(rows))) return;
    stop.current = false;
    const faults: Report['failed'] = [];
    let tried = 0;
    for (const row of rows) {
      if (stop.current) break;
      setPercent(Math.round((100 * tried++) / rows.length));
      try {
        await action.run(row);
        onDone([row]);
      } catch (err) {
        faults.push({ name: nameOf(row, rowKey), why: reason(err) });
        if (err instanceof ApiError && err.everywhere) break; // the rest would fare no better
      }
    }
    setPercent(null);
    setReport({ failed: faults, left: rows.length - tried });
  };
  const busy = percent !== null;
  return (
    <div className="list-bulk" role="region" aria-label={t('list.selected', { count: rows.length })}>
      <Flex gap="small" align="center" wrap>
        <span>{t('list.selected', { count: rows.length })}</span>
        {!busy && actions.map((action) => (
          <Button key={action.key} size="small" danger={action.danger ?? false} icon={action.icon} onClick={() => void run(action)}>{action.label}</Button>
        ))}
        {!busy && <Button size="small" type="link" onClick={onClose}>{t('list.deselect')}</Button>}
        {busy && <Progress className="list-progress" percent={percent} aria-label={t('list.progress')} />}
        {busy && <Button size="small" onClick={() => { stop.current = true; }}>{t('list.stop')}</Button>}
      </Flex>
      {failed.length > 0 && (
        <Alert
          type="error"
          showIcon
          closable={{ onClose: () => setReport({ failed: [], left }) }}
          title={t('list.failed', { count: failed.length })}
          description={<ul>{failed.slice(0, 20).map(({ name, why }) => <li key={name}>{name}: {why}</li>)}</ul>}
        />
      )}
      {left > 0 && <Alert type="info" showIcon closable={{ onClose: () => setReport({ failed, left: 0 }) }} title={t('list.left', { count: left })} />}
    </div>
  );
}
