import { Button, Flex, Form, Input, Typography } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Paginated } from '../../../api/client';
import { useGet } from '../../../api/query';
import type { Form as DescribedForm } from '../../../form';
import { Guard } from '../../../form/Guard';
import { Go } from '../../../shell/Go';
import { usePublic } from '../../../shell/me';
import { useDraft } from '../draft';
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
export function SetUp({ source, etag, form, path }: { source: Source; etag?: string; form: DescribedForm; path: string }) {
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
          <Credentials key={source.pk} source={source} form={form} {...(etag && { etag })} />
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
export function Credentials({ source, etag, form }: { source: Source; etag?: string; form: DescribedForm }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const draft = useDraft(form, source, etag, () => setAsked(false));
  const { value: { consumer_key: appID = '', consumer_secret: typedSecret, open_platform_account: account = '' }, set, dirty, faults } = draft;
  const secret = typeof typedSecret === 'string' ? typedSecret : '';
  const replacing = asked || secret !== '';
  const typed = useRef(false);
  useEffect(() => {
    typed.current = dirty;
  }, [dirty]);
  const usable = !unusable(shapeOfAppID(appID)) && (!replacing || !unusable(shapeOfSecret(secret)));
  const fault = (name: string) => faults[name] && { faults: faults[name] };
  const trim = () => account !== account.trim() && set({ open_platform_account: account.trim() });
  return (
    <Form layout="vertical" onFinish={draft.save}>
      <Guard dirty={typed} />
      <AppIDField path={form.path} own={source.pk} value={appID} onChange={(consumer_key) => set({ consumer_key })} {...fault('consumer_key')} />
      <SecretField
        stored
        replacing={replacing}
        onReplace={(next) => {
          setAsked(next);
          set({ consumer_secret: undefined });
        }}
        value={secret}
        onChange={(next) => {
          setAsked(true); // also where the field is emptied again
          set({ consumer_secret: next || undefined });
        }}
        {...fault('consumer_secret')}
      />
      <Form.Item label={t('wechat.account.label')} htmlFor="wechat-account" extra={t('wechat.account.help')} {...(faults.open_platform_account && { validateStatus: 'error', help: faults.open_platform_account.join(' ') })}>
        <Input id="wechat-account" value={account} maxLength={100} onChange={(e) => set({ open_platform_account: e.target.value })} onBlur={trim} onPressEnter={trim} />
      </Form.Item>
      <div className="wechat-trouble">{draft.trouble}</div>
      <Button type="primary" htmlType="submit" loading={draft.busy} disabled={!dirty || !usable}>{t('sources.save')}</Button>
    </Form>
  );
}
