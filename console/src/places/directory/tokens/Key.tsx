import { Alert, Button, Flex, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useQuery } from '@tanstack/react-query';

import { call } from '../../../api/client';
import { CopyField, Loading, useReason } from '../../../shell';
import { useDo } from '../useDo';
import type { Token } from './token';

interface DialogueProps {
  token: Token;
  onClose: () => void;
}

/** Shows a token's key. Each look at it is recorded by the server, so it is asked for once and not kept. */
export function ShowKey({ token, made, onClose }: DialogueProps & { made?: boolean }) {
  const { t } = useTranslation();
  const reason = useReason();
  const { data, error } = useQuery({
    queryKey: ['key of token', token.identifier],
    queryFn: () => call<{ key: string }>('GET', `core/tokens/${encodeURIComponent(token.identifier)}/view_key`).then(({ data }) => data.key),
    // Once it is here, nothing that asks for everything on the screen anew asks for it too.
    enabled: ({ state }) => state.data === undefined,
    gcTime: 0, retry: false,
  });
  return (
    <Modal open title={made ? t('tokens.key.made') : t('tokens.key.of', { name: token.identifier })} onCancel={onClose} footer={<Button type="primary" onClick={onClose}>{t('directory.done')}</Button>}>
      <Flex vertical gap="middle">
        {error && <Alert type="error" showIcon title={reason(error)} />}
        {!data && !error && <Loading />}
        {data && <CopyField value={data} label={t('tokens.key.label')} />}
        <Typography.Text>{t(`tokens.key.use.${token.intent}`, { defaultValue: '', name: token.user_obj.username })}</Typography.Text>
        <Typography.Text type="secondary">{t('tokens.key.recorded')}</Typography.Text>
      </Flex>
    </Modal>
  );
}

/** Gives a token another key; the old one ends at once. */
export function SetKey({ token, onClose }: DialogueProps) {
  const { t } = useTranslation();
  const act = useDo();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    if (await act({ method: 'POST', path: `core/tokens/${encodeURIComponent(token.identifier)}/set_key`, body: { key } }, t('tokens.key.replaced'))) onClose();
    setBusy(false);
  };
  return (
    <Modal
      open
      title={t('tokens.key.setTitle', { name: token.identifier })}
      okText={t('tokens.key.set')}
      cancelText={t('directory.cancel')}
      okButtonProps={{ disabled: key.length < shortest, loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <Typography.Paragraph>{t('tokens.key.setText')}</Typography.Paragraph>
      <Flex vertical gap="small">
        <Input.Password value={key} onChange={(e) => setKey(e.target.value)} maxLength={1000} autoComplete="new-password" aria-label={t('tokens.key.label')} />
        <Flex gap="small" wrap align="center">
          <Button onClick={() => setKey(randomKey())}>{t('tokens.key.random')}</Button>
          <Typography.Text type="secondary">{t('tokens.key.short', { count: shortest })}</Typography.Text>
        </Flex>
      </Flex>
    </Modal>
  );
}

/** Below this a key can be guessed. The server takes any. */
const shortest = 20;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A key like those that the server makes. What would favour some letters is thrown away. */
export function randomKey(length = 60): string {
  let out = '';
  while (out.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < letters.length * 4 && out.length < length) out += letters[byte % letters.length];
    }
  }
  return out;
}
