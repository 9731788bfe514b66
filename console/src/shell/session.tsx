// What happens when the session ends or the server is away while somebody works: nothing that was typed is lost.

import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Modal, Typography } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, call } from '../api/client';

type Trouble = 'none' | 'lost' | 'signedOut';

/** Where somebody signs in to come back to a page of the console. */
export const signInAddress = (next: string) => `/flows/-/default/authentication/?next=${encodeURIComponent(next)}`;

/** Watches every call of the page, and steps in when one finds no server or no session. */
export function SessionGuard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [trouble, setTrouble] = useState<Trouble>('none');
  useEffect(() => {
    const note = (error: unknown) => {
      if (!(error instanceof ApiError)) return;
      if (error.signedOut) setTrouble('signedOut');
      else if (error.lost) setTrouble((now) => (now === 'none' ? 'lost' : now));
    };
    const stops = [
      // Only when a call fails: a form that kept its fault is drawn again and again, and tells of it each time.
      client.getQueryCache().subscribe((event) => event.type === 'updated' && event.action.type === 'error' && note(event.action.error)),
      client.getMutationCache().subscribe((event) => event.type === 'updated' && event.action.type === 'error' && note(event.action.error)),
    ];
    return () => stops.forEach((stop) => stop());
  }, [client]);

  const look = useCallback(async () => {
    try {
      await call('GET', 'core/users/me');
      setTrouble('none');
      await client.invalidateQueries();
    } catch (err) {
      if (err instanceof ApiError && err.signedOut) setTrouble('signedOut');
      else if (err instanceof ApiError && err.lost) setTrouble('lost');
    }
  }, [client]);

  useEffect(() => {
    if (trouble === 'none') return undefined;
    const timer = setInterval(() => void look(), 4000);
    const back = () => void look();
    window.addEventListener('focus', back);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', back);
    };
  }, [trouble, look]);

  return (
    <>
      {trouble === 'lost' && <Alert banner type="warning" showIcon title={t('shell.lost.text')} />}
      <Modal open={trouble === 'signedOut'} zIndex={1900} closable={false} footer={null} title={t('shell.signedOut.title')}>
        <Typography.Paragraph>{t('shell.signedOut.text')}</Typography.Paragraph>
        <Flex gap="small" wrap>
          <Button type="primary" href={signInAddress('/if/user/')} target="_blank" rel="noopener">{t('shell.signedOut.open')}</Button>
          <Button onClick={() => void look()}>{t('shell.signedOut.done')}</Button>
        </Flex>
      </Modal>
    </>
  );
}
