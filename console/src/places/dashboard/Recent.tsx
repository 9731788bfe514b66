import { Flex, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useList } from '../../api/query';
import { Empty, Go, Loading, Problem, When } from '../../shell';
import type { EventRow } from '../events/types';

/** Who signed in last. */
export function Recent() {
  const { t } = useTranslation();
  const { data, error, refetch } = useList<EventRow>('events/events', { action: 'login', ordering: '-created', page_size: 8 });
  // Events know usernames alone, and those of people from WeChat are ids.
  const pks = [...new Set(data?.results.flatMap(({ user }) => user.pk ?? []))].map(String);
  const people = useList<{ pk: number; name: string }>('core/users', { include_groups: false }, pks.length > 0, { pk: pks });
  const nameOf = ({ pk, username }: EventRow['user']) => people.data?.results.find((person) => person.pk === pk)?.name || username;
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (data.results.length === 0) return <Empty title={t('dashboard.nobodyYet')} text={t('dashboard.nobodyYetText')} />;
  return (
    <ul className="dashboard-recent">
      {data.results.map((event) => (
        <Flex key={event.pk} component="li" justify="space-between" gap="small">
          <Typography.Text ellipsis>{event.user.pk ? <Go to={`users/${event.user.pk}`}>{nameOf(event.user)}</Go> : t('dashboard.somebody')}</Typography.Text>
          <Go to={`events/${event.pk}`}><When time={event.created} /></Go>
        </Flex>
      ))}
    </ul>
  );
}
