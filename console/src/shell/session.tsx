// What happens when the session ends or the server is away while somebody works: nothing that was typed is lost.

import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Modal, Typography } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call, onTrouble } from '../api/client';

type Trouble = 'none' | 'lost' | 'signedOut';

/** Where somebody signs in to come back to a page of the console. */
export const signInAddress = (next: string) => `/flows/-/default/authentication/?next=${encodeURIComponent(next)}`;

/** Watches every call of the page, and steps in when one finds no server or no session. */
export function SessionGuard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [trouble, setTrouble] = useState<Trouble>('none');
  useEffect(() => onTrouble(({ signedOut }) => setTrouble((now) => (signedOut ? 'signedOut' : now === 'none' ? 'lost' : now))), []);

  const look = useCallback(async () => {
    try {
      await call('GET', 'core/users/me');
      setTrouble('none');
      await client.invalidateQueries();
    } catch {
      // The call itself told of it.
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
