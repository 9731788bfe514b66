import { useQueryClient } from '@tanstack/react-query';
import { Button, Flex, Form, Input, Typography } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, type Paginated } from '../../../api/client';
import { useChange, useGet } from '../../../api/query';
import { Guard } from '../../../form/Guard';
import { Go } from '../../../shell/Go';
import { usePublic } from '../../../shell/me';
import { useSay } from '../../../shell/say';
import type { Source } from '../model';
import { Check } from '../parts/Findings';
import { Places } from '../parts/Places';
import { Trial } from '../parts/Trial';
import { AtWeChat, WhereCredentials } from './AtWeChat';
import { AppIDField, SecretField } from './Credentials';
import { shapeOfAppID, shapeOfSecret, unusable } from './credentials';
import { Domain } from './Domain';
import { elsewhere } from './domain';

interface StepProps {
  n: number;
  title: string;
  text?: string;
  children: ReactNode;
}

function Step({ n, title, text, children }: StepProps) {
  return (
    <li className="wechat-step" aria-labelledby={`wechat-step-${n}`}>
      <span className="wechat-step-number" aria-hidden>{n}</span>
      <div className="wechat-step-body">
        <Typography.Title level={2} id={`wechat-step-${n}`}>{title}</Typography.Title>
        {text && <Typography.Paragraph type="secondary">{text}</Typography.Paragraph>}
        {children}
      </div>
    </li>
  );
}

/** From nothing to a working sign-in, in the order in which one does it. */
export function SetUp({ source, etag, path }: { source: Source; etag?: string; path: string }) {
  const { t } = useTranslation();
  const { origin } = usePublic();
  const own = elsewhere(source.authorization_url, source.type?.authorization_url);
  const applications = useGet<Paginated<unknown>>('core/applications', { page_size: 1, superuser_full_list: true });
  const count = applications.data?.pagination.count ?? 0;
  return (
    <ol className="wechat-steps">
      <Step n={1} title={t('wechat.step.app')} text={t('wechat.step.appText')}><AtWeChat /></Step>
      <Step n={2} title={t('wechat.step.credentials')} text={t('wechat.step.credentialsText')}>
        <div className="wechat-two">
          <Credentials key={`${source.consumer_key} ${source.open_platform_account}`} source={source} path={path} {...(etag && { etag })} />
          <WhereCredentials />
        </div>
      </Step>
      <Step n={3} title={t('wechat.step.domain')} text={t('wechat.step.domainText')}>
        <Domain address={source.callback_url ?? origin} here={origin} elsewhere={own} />
      </Step>
      <Step n={4} title={t('wechat.step.button')} text={t('wechat.step.buttonText')}>
        <Places source={source} />
        <p><Go to={`sources/${source.slug}?tab=button`}>{t('wechat.step.toButton')}</Go></p>
      </Step>
      <Step n={5} title={t('wechat.step.check')} text={t('wechat.step.checkText')}>
        <Flex vertical gap="large">
          <Check path={path} name={t('wechat.name')} />
          <div>
            <Typography.Paragraph>{t('wechat.step.trialText')}</Typography.Paragraph>
            <Trial path={path} name={t('wechat.name')} />
          </div>
        </Flex>
      </Step>
      <Step n={6} title={t('wechat.step.application')} text={t(count > 0 ? 'wechat.step.applicationsText' : 'wechat.step.applicationText', { n: count })}>
        <Flex gap="middle" wrap>
          <Go to="applications/new">{t('wechat.step.addApplication')}</Go>
          {count > 0 && <Go to="applications">{t('menu.applications')}</Go>}
          <Go to={`sources/${source.slug}?tab=activity`}>{t('wechat.step.watch')}</Go>
        </Flex>
      </Step>
    </ol>
  );
}

/** AppID, AppSecret and the label of the Open Platform account of a source that is there. */
export function Credentials({ source, etag, path }: { source: Source; etag?: string; path: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const client = useQueryClient();
  const { mutateAsync, isPending } = useChange<Source>();
  const [appID, setAppID] = useState(source.consumer_key ?? '');
  const [secret, setSecret] = useState('');
  const [replacing, setReplacing] = useState(false);
  const [account, setAccount] = useState(source.open_platform_account ?? '');
  const [faults, setFaults] = useState<Readonly<Record<string, readonly string[]>>>({});
  const dirty = appID !== (source.consumer_key ?? '') || account !== (source.open_platform_account ?? '') || (replacing && secret !== '');
  const typed = useRef(false);
  useEffect(() => {
    typed.current = dirty;
  }, [dirty]);
  const usable = !unusable(shapeOfAppID(appID)) && (!replacing || !unusable(shapeOfSecret(secret)));
  const save = async () => {
    setFaults({});
    try {
      await mutateAsync({
        method: 'PATCH', path, body: { consumer_key: appID, open_platform_account: account.trim(), ...(replacing && { consumer_secret: secret }) }, ...(etag && { ifMatch: etag }),
      });
      setSecret('');
      setReplacing(false);
      say.done(t('sources.saved'));
    } catch (err) {
      if (err instanceof ApiError) setFaults(err.fields);
      if (err instanceof ApiError && err.conflict) await client.invalidateQueries(); // the next attempt is made on what is there now
      say.failed(err);
    }
  };
  return (
    <Form layout="vertical" onFinish={() => void save()}>
      <Guard dirty={typed} />
      <AppIDField path={path.slice(0, path.lastIndexOf('/'))} own={source.pk} value={appID} onChange={setAppID} {...(faults.consumer_key && { faults: faults.consumer_key })} />
      <SecretField
        stored
        replacing={replacing}
        onReplace={(next) => {
          setReplacing(next);
          setSecret('');
        }}
        value={secret}
        onChange={setSecret}
        {...(faults.consumer_secret && { faults: faults.consumer_secret })}
      />
      <Form.Item label={t('wechat.account.label')} htmlFor="wechat-account" extra={t('wechat.account.help')} {...(faults.open_platform_account && { validateStatus: 'error', help: faults.open_platform_account.join(' ') })}>
        <Input id="wechat-account" value={account} maxLength={100} onChange={(e) => setAccount(e.target.value)} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={isPending} disabled={!dirty || !usable}>{t('sources.save')}</Button>
    </Form>
  );
}
