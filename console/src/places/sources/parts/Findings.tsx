import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled, InfoCircleFilled } from '@ant-design/icons';
import { Alert, Button, Flex, theme, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, call } from '../../../api/client';
import { Problem } from '../../../shell/states';
import type { Finding } from '../model';

/** A sign for how good or bad something is, with its name for those who do not see it. */
export function Level({ level }: { level: Finding['level'] }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const [Icon, color] = {
    ok: [CheckCircleFilled, token.colorSuccess] as const,
    info: [InfoCircleFilled, token.colorInfo] as const,
    warning: [ExclamationCircleFilled, token.colorWarning] as const,
    error: [CloseCircleFilled, token.colorError] as const,
  }[level];
  return <Icon style={{ color }} role="img" aria-label={t(`sources.level.${level}`)} />;
}

/** What was found out about a source, line by line. */
export function FindingList({ findings, label }: { findings: Omit<Finding, 'code'>[]; label: string }) {
  return (
    <ul className="sources-findings" aria-label={label}>
      {findings.map(({ level, title, text }, i) => (
        <li key={i}>
          <Level level={level} />
          <div>
            <Typography.Text strong>{title}</Typography.Text>
            {text && <Typography.Paragraph type="secondary">{text}</Typography.Paragraph>}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Asks the server to look at the source's settings, and to ask the upstream about them. */
export function Check({ path, name, onDone }: { path: string; name: string; onDone?: (findings: Finding[]) => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [findings, setFindings] = useState<Finding[]>();
  const [error, setError] = useState<unknown>();
  const look = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await call<{ checks: Finding[] }>('POST', `${path}/check`);
      setFindings(data.checks);
      onDone?.(data.checks);
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  const bad = findings?.some(({ level }) => level === 'error');
  const unsure = findings?.some(({ level }) => level === 'warning');
  return (
    <Flex vertical gap="middle" aria-live="polite">
      <div><Button loading={busy} onClick={() => void look()}>{t(findings ? 'sources.check.again' : 'sources.check.start', { name })}</Button></div>
      {error !== undefined && (isMissing(error) ? <Alert type="info" showIcon title={t('sources.notHere')} /> : <Problem error={error} onRetry={() => void look()} />)}
      {findings && !error && (
        <>
          <Alert
            type={bad ? 'error' : unsure ? 'warning' : 'success'}
            showIcon
            title={t(bad ? 'sources.check.bad' : unsure ? 'sources.check.unsure' : 'sources.check.good', { name })}
          />
          <FindingList findings={findings} label={t('sources.check.findings')} />
        </>
      )}
    </Flex>
  );
}

/** A server that does not know this yet, or a kind of source that does not offer it. */
export const isMissing = (err: unknown) => err instanceof ApiError && (err.status === 404 || err.status === 405 || err.status === 501);
