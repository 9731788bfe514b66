import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Result, Spin, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call, type Paginated } from '../../api/client';
import { CopyField } from '../../shell/Copy';
import { Go } from '../../shell/Go';
import { usePublic } from '../../shell/me';
import { When } from '../../shell/states';
import type { Source } from '../sources/model';
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
  return (
    <Flex vertical gap="middle">
      <div>
        <Typography.Paragraph>{t('welcome.arrival.how')}</Typography.Paragraph>
        <CopyField value={`${origin}/`} label={t('welcome.arrival.address')} />
      </div>
      <div aria-live="polite">
        {data?.arrived ? (
          <Result
            status="success"
            title={t('welcome.arrival.here', { name: data.arrived.user.username ?? '' })}
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
          <Alert
            type="warning"
            showIcon
            title={t('welcome.arrival.failed')}
            description={(
              <>
                <p>{data.failed.why}</p>
                {data.failed.event.support_code && <Go to={`traces/${data.failed.event.support_code}`}>{t('sources.activity.trace', { code: data.failed.event.support_code })}</Go>}
              </>
            )}
          />
        )}
      </div>
      <Typography.Paragraph type="secondary">
        {t('welcome.arrival.stranded')} <Go to={`sources/${source.slug}`}>{t('welcome.arrival.setUp')}</Go>
      </Typography.Paragraph>
    </Flex>
  );
}
