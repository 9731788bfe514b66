import { ExportOutlined } from '@ant-design/icons';
import { Alert, Button, Flex } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { Problem } from '../../../shell/states';
import type { TryResult as Result } from '../model';
import { isMissing } from './Findings';
import { TryResult } from './TryResult';

interface Began {
  id: string;
  url: string;
  /** The browser kept the window shut. */
  blocked: boolean;
}

interface State {
  state: 'waiting' | 'done' | 'expired';
  result: Result | null;
}

/** A sign-in with a real person that signs nobody in: in a window of its own, watched from here. */
export function Trial({ path, name }: { path: string; name: string }) {
  const { t } = useTranslation();
  const [began, setBegan] = useState<Began>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const watched = useQuery({
    queryKey: [...path.split('/'), 'trial', began?.id],
    queryFn: async ({ signal }) => (await call<State>('GET', `${path}/trial/${encodeURIComponent(began?.id ?? '')}`, { signal })).data,
    enabled: Boolean(began),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'waiting' ? 2000 : false),
    refetchIntervalInBackground: true, // the window in front is the other one
  });
  const begin = async () => {
    setBusy(true);
    setError(undefined);
    setBegan(undefined);
    const opened = window.open('about:blank', '_blank'); // at once: browsers let nothing open a window later
    try {
      const { data } = await call<{ id: string; url: string }>('POST', `${path}/trial`);
      if (opened) {
        opened.opener = null;
        opened.location.replace(data.url);
      }
      setBegan({ ...data, blocked: !opened });
    } catch (err) {
      opened?.close();
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  const state = watched.data?.state ?? (began ? 'waiting' : undefined);
  return (
    <Flex vertical gap="middle" aria-live="polite">
      <div><Button icon={<ExportOutlined aria-hidden />} loading={busy} onClick={() => void begin()}>{t(began ? 'sources.trial.again' : 'sources.trial.start', { name })}</Button></div>
      {error !== undefined && (isMissing(error) ? <Alert type="info" showIcon title={t('sources.notHere')} /> : <Problem error={error} />)}
      {watched.error && <Problem error={watched.error} onRetry={() => void watched.refetch()} />}
      {began && state === 'waiting' && (
        <Alert
          type="info"
          showIcon
          title={t('sources.trial.waiting', { name })}
          description={began.blocked ? <a href={began.url} target="_blank" rel="noopener noreferrer">{t('sources.trial.open')}</a> : t('sources.trial.waitingText')}
        />
      )}
      {state === 'expired' && <Alert type="warning" showIcon title={t('sources.trial.expired')} />}
      {state === 'done' && watched.data?.result && <TryResult result={watched.data.result} />}
    </Flex>
  );
}
