import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Result, Spin, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call, type Paginated } from '../../api/client';
import { useGet } from '../../api/query';
import { CopyField } from '../../shell/Copy';
import { Go } from '../../shell/Go';
import { usePublic } from '../../shell/me';
import { When } from '../../shell/states';
import { type Refusal, type Source, useShown } from '../sources/model';
import { callbackDomain, elsewhere, hopeless, originOf } from '../sources/wechat/domain';
import { firstOf, type SignInEvent } from './arrival';

const pause = 2500;

/** Waits for the first person to come in by WeChat, and tells at once what keeps others out. */
export function ArrivalStep({ source }: { source: Source }) {
  const { t } = useTranslation();
  const { origin } = usePublic();
  const [began] = useState(() => new Date(Date.now() - 60_000).toISOString());
  const { data } = useQuery({
    queryKey: ['events', 'events', 'arrivals', source.slug, began],
    queryFn: ({ signal }) => call<Paginated<SignInEvent>>('GET', 'events/events', {
      query: { source: source.slug, ordering: '-created', page_size: 20 }, signal,
    }).then(({ data: page }) => firstOf(page.results, began)),
    refetchInterval: pause,
    refetchIntervalInBackground: true, // the sign-in happens in another window
  });
  const who = data?.arrived?.user;
  const person = useGet<{ name: string; username: string }>(`core/users/${who?.pk}`, {}, who?.pk !== undefined);
  return (
    <Flex vertical gap="middle">
      {data && !data.arrived && <Missing source={source} />}
      <div>
        <Typography.Paragraph>{t('welcome.arrival.how')}</Typography.Paragraph>
        <CopyField value={`${origin}/`} label={t('welcome.arrival.address')} />
      </div>
      <div aria-live="polite">
        {data?.arrived ? (
          <Result
            status="success"
            className="welcome-arrived"
            title={t('welcome.arrival.here', { name: person.data?.name || who?.username || '' })}
            subTitle={<When time={data.arrived.created} />}
            extra={data.arrived.user.pk && <Go to={`users/${data.arrived.user.pk}`}>{t('welcome.arrival.person')}</Go>}
          />
        ) : (
          <Flex vertical align="center" gap="middle" className="welcome-waiting">
            <Spin size="large" />
            <Typography.Text>{t('welcome.arrival.waiting')}</Typography.Text>
          </Flex>
        )}
        {data?.failed && !data.arrived && (
          <Refused key={data.failed.event.pk} source={source.slug} event={data.failed.event} why={data.failed.why} />
        )}
      </div>
      {!data?.arrived && (
        <Typography.Paragraph type="secondary">
          {t('welcome.arrival.stranded')} <Go to={`sources/${source.slug}`} className="welcome-link">{t('welcome.arrival.setUp')}</Go>
        </Typography.Paragraph>
      )}
    </Flex>
  );
}

/** What keeps everybody out, as far as it is known here, with the step where it is mended. */
function Missing({ source }: { source: Source }) {
  const { t } = useTranslation();
  const { origin } = usePublic();
  const shown = useShown(source);
  const address = source.callback_url ?? origin;
  const lost = !elsewhere(source.authorization_url, source.type?.authorization_url) && hopeless(callbackDomain(address).faults);
  if (!lost && shown !== false) return null;
  const step = (name: string) => `welcome?step=${name}&source=${encodeURIComponent(source.slug)}`;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('welcome.arrival.notReady')}
      description={(
        <ul>
          {lost && <li><Go to={step('domain')} className="welcome-link">{t('wechat.domain.hopeless', { origin: originOf(address) })}</Go></li>}
          {shown === false && <li><Go to={step('button')} className="welcome-link">{t('welcome.arrival.noButton')}</Go></li>}
        </ul>
      )}
    />
  );
}

/** Why somebody did not get in, as they read it themselves; the event's own message where nobody has words for it. */
function Refused({ source, event, why }: { source: string; event: SignInEvent; why: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['admin', 'sign_ins', source, event.pk], // counted anew for each refusal
    queryFn: ({ signal }) => call<{ failures: Refusal[] }>('GET', 'admin/sign_ins', { query: { days: 1, source }, signal }).then(({ data: answer }) => answer.failures),
  });
  const words = data?.find(({ reason }) => reason === event.context.reason);
  return (
    <Alert
      type="warning"
      showIcon
      title={words?.title ?? t('welcome.arrival.failed')}
      description={(
        <>
          <p>{words ? `${words.happened} ${words.who} ${words.next}` : why}</p>
          {event.support_code && <Go to={`traces/${event.support_code}`}>{t('sources.activity.trace', { code: event.support_code })}</Go>}
        </>
      )}
    />
  );
}
