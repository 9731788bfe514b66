import { Button, Flex, Grid, Progress, Steps, theme, Typography } from 'antd';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { Paginated } from '../../api/client';
import { useGet, useList } from '../../api/query';
import { useAddress, useGo } from '../../shell/Go';
import { useMe } from '../../shell/me';
import { Page } from '../../shell/Page';
import { Loading, Problem } from '../../shell/states';
import type { Source } from '../sources/model';
import { seed } from '../sources/wechat/seed';
import { ApplicationStep } from './ApplicationStep';
import { ArrivalStep } from './ArrivalStep';
import { ConnectStep, CorrectStep } from './ConnectStep';
import { DomainStep } from './DomainStep';
import { LoginStep } from './LoginStep';
import './welcome.css';

const steps = ['connect', 'domain', 'button', 'application', 'arrival'] as const;
type StepName = (typeof steps)[number];

/** Leads from nothing to the first sign-in with WeChat. */
export default function Welcome() {
  const { t } = useTranslation();
  const me = useMe();
  const go = useGo();
  const { token } = theme.useToken();
  const [{ step, source: slug }, setAddress] = useAddress();
  const sources = useList<Source>(seed.path, { ...seed.preset, page_size: 100 });
  const applications = useGet<Paginated<unknown>>('core/applications', { page_size: 1, superuser_full_list: true });
  const found = sources.data?.results.find((one) => one.slug === slug) ?? sources.data?.results[0];
  const at: StepName = !found ? 'connect' : steps.find((name) => name === step) ?? 'domain';
  const index = steps.indexOf(at);
  const narrow = Grid.useBreakpoint().md === false;
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef<StepName>(undefined);
  const known = sources.data !== undefined;
  useEffect(() => {
    // Another step is another page to whoever listens to it.
    if (!known) return;
    if (shown.current && shown.current !== at) heading.current?.focus();
    shown.current = at;
  }, [at, known]);
  const to = (name: StepName) => setAddress({ step: name, ...(found && { source: found.slug }) });
  const title = t('welcome.hello', { name: me.name || me.username });
  if (!sources.data) {
    return <Page title={title} narrow>{sources.error ? <Problem error={sources.error} onRetry={() => void sources.refetch()} /> : <Loading />}</Page>;
  }
  const count = applications.data?.pagination.count ?? 0;
  const content: Record<StepName, ReactNode> = {
    connect: found
      ? <CorrectStep slug={found.slug} />
      : <ConnectStep onDone={(made) => setAddress({ step: 'domain', source: made.slug })} />,
    domain: found && <DomainStep source={found} />,
    button: found && <LoginStep source={found} />,
    application: found && <ApplicationStep count={count} source={found.slug} />,
    arrival: found && <ArrivalStep source={found} />,
  };
  return (
    <Page
      title={title}
      subtitle={t('welcome.subtitle')}
      narrow
      actions={<Button type="text" onClick={() => go('')}>{t('welcome.later')}</Button>}
    >
      <nav aria-label={t('welcome.steps')}>
        {narrow ? (
          <div className="welcome-steps">
            <Typography.Text>{t('welcome.stepOf', { n: index + 1, all: steps.length })}</Typography.Text>
            <Progress percent={((index + 1) / steps.length) * 100} showInfo={false} size="small" strokeColor={token.colorPrimary} aria-hidden />
          </div>
        ) : <Steps
          size="small"
          current={index}
          responsive
          className="welcome-steps"
          items={steps.map((name, i) => ({ title: t(`welcome.short.${name}`), status: i === index ? 'process' : i < index || (name === 'application' && count > 0) ? 'finish' : 'wait' }))}
          onChange={(next) => found && to(steps[next] ?? 'domain')}
        />}
      </nav>
      <section aria-labelledby="welcome-step" className="welcome-card">
        <Typography.Title level={2} id="welcome-step" ref={heading} tabIndex={-1} className="welcome-heading">{t(`welcome.heading.${at}`)}</Typography.Title>
        <Typography.Paragraph type="secondary">{t(`welcome.text.${at}`)}</Typography.Paragraph>
        {content[at]}
      </section>
      {found && (
        <Flex justify="space-between" gap="small" wrap className="welcome-foot">
          <Button disabled={index === 0} onClick={() => to(steps[index - 1] ?? 'connect')}>{t('welcome.back')}</Button>
          {at === 'arrival'
            ? <Button type="primary" onClick={() => go('')}>{t('welcome.finish')}</Button>
            : <Button type="primary" onClick={() => to(steps[index + 1] ?? 'arrival')}>{t('welcome.next')}</Button>}
        </Flex>
      )}
    </Page>
  );
}
