// What stands where something is loading, missing or wrong, and small things that every page shows.

import { FileUnknownOutlined, InboxOutlined, WarningOutlined } from '@ant-design/icons';
import { Button, Descriptions, Skeleton, Tooltip, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../api/client';
import { formatAgo, formatTime } from '../i18n/format';

/** One sentence for a person about whatever was thrown. */
export function useReason(): (err: unknown) => string {
  const { t } = useTranslation();
  return (err) => {
    if (!(err instanceof ApiError)) return t('problem.unknown');
    if (err.message && err.status !== 404) return err.message;
    if (err.lost) return t('problem.lost');
    if (err.status === 404) return t('problem.missing');
    if (err.status === 403) return t('problem.forbidden');
    return t('problem.status', { status: err.status });
  };
}

/** Says what went wrong in place of what should stand there. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const reason = useReason();
  return (
    <Empty
      icon={error instanceof ApiError && error.status === 404 ? <FileUnknownOutlined /> : <WarningOutlined />}
      title={t('problem.title')}
      text={reason(error)}
      action={onRetry && <Button onClick={onRetry}>{t('problem.again')}</Button>}
    />
  );
}

interface EmptyProps {
  /** Absent where a heading of the page says it already. */
  title?: string;
  text?: ReactNode;
  /** What to do about it: a button. */
  action?: ReactNode;
  icon?: ReactNode;
}

/** Says that there is nothing yet, and what one would do. */
export function Empty({ title, text, action, icon }: EmptyProps) {
  return (
    <div className="empty">
      <div className="empty-icon" aria-hidden>{icon ?? <InboxOutlined />}</div>
      {title && <Typography.Text strong>{title}</Typography.Text>}
      {text && <Typography.Paragraph type="secondary">{text}</Typography.Paragraph>}
      {action}
    </div>
  );
}

/** The shape of what is on its way. */
export function Loading() {
  const { t } = useTranslation();
  return <div role="status" aria-label={t('problem.loading')}><Skeleton active title={false} paragraph={{ rows: 7 }} /></div>;
}

/** A time as people say it, with the exact one to be had. */
export function When({ time }: { time?: string | null }) {
  const { t } = useTranslation();
  if (!time) return <Typography.Text type="secondary">{t('problem.never')}</Typography.Text>;
  return <Tooltip title={formatTime(time)}><time dateTime={time}>{formatAgo(time)}</time></Tooltip>;
}

export interface Fact {
  label: string;
  value: ReactNode;
}

/** A few facts about something, each with its name. */
export function Facts({ items }: { items: Fact[] }) {
  const { t } = useTranslation();
  return (
    <Descriptions
      bordered
      size="small"
      column={{ xs: 1, md: 2 }}
      items={items.map(({ label, value }) => ({ key: label, label, children: value ?? t('problem.none') }))}
    />
  );
}
