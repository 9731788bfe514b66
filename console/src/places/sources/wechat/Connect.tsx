import { Alert, Button, Checkbox, Flex, Form, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../../api/client';
import type { Row } from '../../../api/query';
import { Guard } from '../../../form/Guard';
import { useSay } from '../../../shell/say';
import type { Source } from '../model';
import { useCustomaryFlows } from '../NewGeneric';
import { WhereCredentials } from './AtWeChat';
import { createWeChat } from './create';
import { AppIDField, SecretField } from './Credentials';
import { shapeOfAppID, shapeOfSecret, unusable } from './credentials';

interface ConnectProps {
  /** The collection of the kind. */
  path: string;
  preset: Row;
  onDone: (source: Source) => void;
  onCancel?: () => void;
}

/** AppID and AppSecret, and no more: everything else has a good beginning and can be changed later. */
export function Connect({ path, preset, onDone, onCancel }: ConnectProps) {
  const { t } = useTranslation();
  const say = useSay();
  const flows = useCustomaryFlows();
  const [name, setName] = useState(t('wechat.name'));
  const [appID, setAppID] = useState('');
  const [secret, setSecret] = useState('');
  const [account, setAccount] = useState('');
  const [show, setShow] = useState(true);
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Readonly<Record<string, readonly string[]>>>({});
  const ready = !unusable(shapeOfAppID(appID)) && !unusable(shapeOfSecret(secret)) && name.trim() !== '' && flows !== undefined;
  const typed = useRef(false);
  useEffect(() => {
    typed.current = appID !== '' || secret !== '';
  }, [appID, secret]);
  const create = async () => {
    if (!ready) return;
    setBusy(true);
    setFaults({});
    try {
      const { source, shown } = await createWeChat(path, { ...flows, ...preset }, { name: name.trim(), appID, secret, account, show });
      if (!shown) say.warn(t('wechat.connect.notShown'));
      typed.current = false; // so that the page may be left at once
      onDone(source);
    } catch (err) {
      if (err instanceof ApiError) setFaults(err.fields);
      say.failed(err);
    } finally {
      setBusy(false);
    }
  };
  const others = Object.entries(faults).filter(([field]) => !['consumer_key', 'consumer_secret', 'name', 'open_platform_account'].includes(field));
  return (
    <div className="wechat-two">
      <Form layout="vertical" onFinish={() => void create()}>
        <Guard dirty={typed} />
        <AppIDField path={path} value={appID} onChange={setAppID} {...(faults.consumer_key && { faults: faults.consumer_key })} />
        <SecretField value={secret} onChange={setSecret} {...(faults.consumer_secret && { faults: faults.consumer_secret })} />
        <Form.Item label={t('sources.button.name')} htmlFor="wechat-name" extra={t('sources.button.nameHelp')}>
          <Input id="wechat-name" value={name} maxLength={80} onChange={(e) => setName(e.target.value)} />
        </Form.Item>
        <Form.Item><Checkbox checked={show} onChange={(e) => setShow(e.target.checked)}>{t('wechat.connect.show')}</Checkbox></Form.Item>
        <details className="sources-gap">
          <summary>{t('wechat.connect.more')}</summary>
          <Form.Item label={t('wechat.account.label')} htmlFor="wechat-account" extra={t('wechat.account.help')}>
            <Input id="wechat-account" value={account} maxLength={100} onChange={(e) => setAccount(e.target.value)} />
          </Form.Item>
        </details>
        {others.map(([field, texts]) => <Alert key={field} type="error" showIcon title={`${field}: ${texts.join(' ')}`} className="sources-gap" />)}
        <Flex gap="small" wrap>
          <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>{t('wechat.connect.submit')}</Button>
          {onCancel && <Button onClick={onCancel}>{t('sources.cancel')}</Button>}
        </Flex>
      </Form>
      <WhereCredentials />
    </div>
  );
}
