import { Button, Flex, Modal, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Answer } from '../api/client';
import type { Row } from '../api/query';
import type { Draft } from './draft';
import type { FormField } from './forms';
import { useReferred } from './references';
import { targetOf } from './references';
import type { Difference } from './values';
import { differences } from './values';

interface ConflictProps {
  draft: Draft;
  /** The object as the server has it by now. */
  theirs: Answer<Row>;
  onMine: () => void;
  onTheirs: () => void;
  onClose: () => void;
}

/** Somebody else saved the same object meanwhile: shows what differs, and lets one choose. */
export function Conflict({ draft, theirs, onMine, onTheirs, onClose }: ConflictProps) {
  const { t } = useTranslation();
  const changed = differences(draft.form, draft.base, draft.values, theirs.data);
  const lost = changed.filter(({ both }) => both);
  const others = changed.filter(({ both }) => !both);
  return (
    <Modal
      open width={720} title={t('form.conflict.title')} onCancel={onClose}
      footer={(
        <Flex gap="small" wrap justify="end">
          <Button onClick={onClose}>{t('form.conflict.back')}</Button>
          <Button onClick={onTheirs}>{t('form.conflict.theirs')}</Button>
          <Button type="primary" onClick={onMine}>{t('form.conflict.mine')}</Button>
        </Flex>
      )}
    >
      <Typography.Paragraph>{t('form.conflict.text')}</Typography.Paragraph>
      {lost.length > 0 && <Compared rows={lost} caption={t('form.conflict.both')} />}
      {others.length > 0 && <Compared rows={others} caption={t('form.conflict.others')} one />}
      {changed.length === 0 && <Typography.Paragraph type="secondary">{t('form.conflict.none')}</Typography.Paragraph>}
    </Modal>
  );
}

function Compared({ rows, caption, one }: { rows: Difference[]; caption: string; one?: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="form-compared">
      <table>
        <caption>{caption}</caption>
        <thead><tr><th scope="col">{t('form.conflict.field')}</th>{!one && <th scope="col">{t('form.conflict.yours')}</th>}<th scope="col">{t('form.conflict.now')}</th></tr></thead>
        <tbody>
          {rows.map(({ field, mine, theirs }) => (
            <tr key={field.name}>
              <th scope="row">{field.title}</th>
              {!one && <td><Shown field={field} value={mine} /></td>}
              <td><Shown field={field} value={theirs} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A value as people read it. */
function Shown({ field, value }: { field: FormField; value: unknown }) {
  const { t } = useTranslation();
  const ref = field.ref || field.item?.ref || '';
  const keys = ref ? [value].flat().filter((key): key is string | number => typeof key === 'string' || typeof key === 'number') : [];
  const referred = useReferred(ref, keys);
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return <>{t('form.none')}</>;
  if (field.write_only) return <>***</>;
  if (typeof value === 'boolean') return <>{t(value ? 'form.yes' : 'form.no')}</>;
  if (ref) {
    const target = targetOf(ref);
    return <>{keys.map((key) => { const row = referred.data?.results.find((one) => one[target?.value ?? 'pk'] === key); return row && target ? target.label(row) : String(key); }).join(', ')}</>;
  }
  if (field.enum.length > 0) return <>{field.enum.find((choice) => choice.value === value)?.title || String(value)}</>;
  if (typeof value === 'object') return <pre className="code">{JSON.stringify(value, null, 1)}</pre>;
  return <span className="form-shown">{String(value)}</span>;
}
