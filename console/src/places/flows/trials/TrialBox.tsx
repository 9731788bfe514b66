import { PlayCircleOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { Trying } from '../kinds/KindedEditor';

interface TrialBoxProps extends Trying {
  title: string;
  text: string;
  busy: boolean;
  ready: boolean;
  onTry: () => void;
  /** What it is tried out on. */
  children: ReactNode;
  /** What came of it. */
  result: ReactNode;
}

/** Trying out what is saved. What is typed and not saved yet is offered to be saved first. */
export function TrialBox({ title, text, busy, ready, dirty, wanted, saveAndTry, onTry, children, result }: TrialBoxProps) {
  const { t } = useTranslation();
  const latest = useRef(onTry);
  latest.current = onTry;
  useEffect(() => {
    if (wanted > 0) latest.current();
  }, [wanted]);
  return (
    <section className="trial" aria-label={title}>
      <Typography.Title level={2}>{title}</Typography.Title>
      <Typography.Text type="secondary">{text}</Typography.Text>
      {children}
      {dirty && <Alert type="info" showIcon title={t('policies.trial.unsaved')} />}
      <Flex gap="small" wrap>
        {dirty && <Button type="primary" icon={<PlayCircleOutlined />} loading={busy} disabled={!ready} onClick={saveAndTry}>{t('policies.trial.saveAndTry')}</Button>}
        <Button type={dirty ? 'default' : 'primary'} loading={busy && !dirty} disabled={!ready} onClick={onTry} {...(!dirty && { icon: <PlayCircleOutlined /> })}>
          {t(dirty ? 'policies.trial.trySaved' : 'policies.trial.try')}
        </Button>
      </Flex>
      <div aria-live="polite">{result}</div>
    </section>
  );
}

/** A control of a trial with its name above. */
export function TrialField({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="trial-field">
      <Typography.Text strong>{label}</Typography.Text>
      {children}
      {hint && <Typography.Text type="secondary">{hint}</Typography.Text>}
    </div>
  );
}
