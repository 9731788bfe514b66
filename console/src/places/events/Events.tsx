import { Tag } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { call, type Paginated } from '../../api/client';
import { type Column, type Filter, ResourceList } from '../../list';
import { Go, Page, When } from '../../shell';
import { summary } from './summary';
import type { EventRow } from './types';
import { actionColour, actionName, actions, useEventNoun } from './words';

interface Source {
  slug: string;
  name: string;
}

/** The audit trail: everything that happened, for as long as the settings keep it. */
export default function Events() {
  const { t } = useTranslation();
  const nounOf = useEventNoun();
  const columns = useMemo<Column<EventRow>[]>(() => [
    { key: 'action', title: t('events.column.action'), sort: true, render: ({ action }) => <Tag color={actionColour(action)}>{actionName(t, action)}</Tag> },
    { key: 'created', title: t('events.column.created'), sort: true, render: ({ created }) => <When time={created} /> },
    {
      key: 'user', title: t('events.column.user'), csv: 'user.username',
      render: ({ user }) => (user.pk ? <Go to={`users/${user.pk}`}>{user.username}</Go> : user.username || '–'),
    },
    { key: 'context', title: t('events.column.about'), csv: false, render: (event) => <bdi>{summary(event, nounOf)}</bdi> },
    { key: 'client_ip', title: t('events.column.ip') },
    { key: 'support_code', title: t('events.column.code'), render: ({ support_code: code }) => (code ? <Go to={`traces/${code}`} className="code">{code}</Go> : '–') },
    { key: 'app', title: t('events.column.app'), hidden: true },
    { key: 'expires', title: t('events.column.expires'), hidden: true, render: ({ expires }) => <When time={expires} /> },
  ], [t, nounOf]);
  const filters = useMemo<Filter[]>(() => [
    { name: 'actions', label: t('events.column.action'), type: 'multiple', options: actions.map((value) => ({ value, label: actionName(t, value) })) },
    { name: 'created', label: t('events.column.created'), type: 'time' },
    {
      name: 'source', label: t('events.source'),
      load: (search) => call<Paginated<Source>>('GET', 'sources/all', { query: { search, page_size: 50 } })
        .then(({ data }) => data.results.map(({ slug, name }) => ({ value: slug, label: name }))),
    },
    { name: 'username', label: t('events.username'), type: 'text' },
    { name: 'client_ip', label: t('events.column.ip'), type: 'text' },
    // The dashboard leads here by the cause.
    { name: 'reason', label: t('events.reason'), type: 'text' },
  ], [t]);
  return (
    <Page title={t('events.title')} subtitle={t('events.text')}>
      <ResourceList<EventRow>
        path="events/events"
        label={t('events.title')}
        columns={columns}
        filters={filters}
        to={({ pk }) => `events/${pk}`}
        defaultOrder="-created"
      />
    </Page>
  );
}
