import { Flex, List, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useList } from '../../api/query';
import { Empty, Go, Loading, When } from '../../shell';
import type { EventRow } from '../events/types';

/** Who signed in last. */
export function Recent() {
  const { t } = useTranslation();
  const { data } = useList<EventRow>('events/events', { action: 'login', ordering: '-created', page_size: 8 });
  if (!data) return <Loading />;
  if (data.results.length === 0) return <Empty title={t('dashboard.nobodyYet')} text={t('dashboard.nobodyYetText')} />;
  return (
    <List
      size="small"
      dataSource={data.results}
      rowKey="pk"
      renderItem={(event) => (
        <List.Item>
          <Flex justify="space-between" gap="small" className="dashboard-recent">
            <Typography.Text ellipsis>{event.user.pk ? <Go to={`users/${event.user.pk}`}>{event.user.name || event.user.username}</Go> : t('dashboard.somebody')}</Typography.Text>
            <Go to={`events/${event.pk}`}><When time={event.created} /></Go>
          </Flex>
        </List.Item>
      )}
    />
  );
}
