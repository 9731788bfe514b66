import { Alert, Button, Flex, Form, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../../api/client';
import { useChange } from '../../../api/query';
import { CopyField, useMe, useReason, useSay } from '../../../shell';
import { randomKey } from '../tokens/Key';
import type { User } from './user';
import { nameOf } from './user';

/** Sets a password for somebody. They are signed out everywhere by it. */
export function Password({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const say = useSay();
  const reason = useReason();
  const { mutateAsync, isPending } = useChange();
  const [password, setPassword] = useState('');
  const [made, setMade] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    try {
      await mutateAsync({ method: 'POST', path: `core/users/${user.pk}/set_password`, body: { password } });
      say.done(t('users.password.done', { name: nameOf(user) }));
      onClose();
    } catch (err) {
      setError(err);
    }
  };
  const fault = error instanceof ApiError ? error.fields.password?.[0] : undefined;
  return (
    <Modal
      open
      title={t('users.password.title', { name: nameOf(user) })}
      okText={t('users.password.do')}
      cancelText={t('directory.cancel')}
      okButtonProps={{ disabled: password === '', loading: isPending }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <Flex vertical gap="middle">
        <Typography.Text>{t(user.pk === me.pk ? 'users.password.textSelf' : 'users.password.text')}</Typography.Text>
        {error !== null && !fault && <Alert type="error" showIcon title={reason(error)} />}
        <Form layout="vertical">
          <Form.Item label={t('users.password.label')} htmlFor="new-password" className="directory-last" {...(fault && { validateStatus: 'error' as const, help: fault })}>
            {made ? <CopyField value={password} label={t('users.password.label')} /> : (
              <Input.Password
                id="new-password" value={password} autoComplete="new-password" onChange={(e) => setPassword(e.target.value)} onPressEnter={() => password !== '' && void save()}
              />
            )}
          </Form.Item>
        </Form>
        <Button
          className="directory-own-width"
          onClick={() => {
            setMade(!made);
            setPassword(made ? '' : randomKey(20));
          }}
        >
          {t(made ? 'users.password.type' : 'users.password.random')}
        </Button>
      </Flex>
    </Modal>
  );
}
