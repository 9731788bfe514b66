import { Card, Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../api/query';
import { formatTime } from '../../i18n/format';
import { Facts, Go, Loading, Page, Problem, useParam, When } from '../../shell';
import { Context } from './Context';
import { Explained } from './Explained';
import { summary } from './summary';
import type { EventRow } from './types';
import { actionColour, actionName, useEventNoun } from './words';
import './events.css';

/** One event, whole. */
export default function EventPage() {
  const { t } = useTranslation();
  const nounOf = useEventNoun();
  const pk = useParam('pk');
  const { data, error, refetch } = useGet<EventRow>(`events/events/${pk}`);
  const back = { to: 'events', label: t('events.title') };
  if (error) return <Page title={t('events.one')} back={back}><Problem error={error} onRetry={() => void refetch()} /></Page>;
  if (!data) return <Page title={t('events.one')} back={back}><Loading /></Page>;
  return (
    <Page title={actionName(t, data.action)} subtitle={formatTime(data.created)} back={back}>
      <Flex vertical gap="large">
        {data.explanation && <Explained explanation={data.explanation} />}
        <Facts
          items={[
            { label: t('events.column.action'), value: <Tag color={actionColour(data.action)}>{actionName(t, data.action)}</Tag> },
            { label: t('events.column.about'), value: <bdi>{summary(data, nounOf) || '–'}</bdi> },
            { label: t('events.column.created'), value: <When time={data.created} /> },
            { label: t('events.column.user'), value: data.user.pk ? <Go to={`users/${data.user.pk}`}>{data.user.username}</Go> : data.user.username },
            { label: t('events.column.ip'), value: data.client_ip },
            { label: t('events.column.code'), value: data.support_code && <Go to={`traces/${data.support_code}`}>{data.support_code}</Go> },
            { label: t('events.column.app'), value: data.app },
            { label: t('events.column.expires'), value: <When time={data.expires} /> },
          ]}
        />
        <Card size="small"><Context value={data.context} /></Card>
      </Flex>
    </Page>
  );
}
