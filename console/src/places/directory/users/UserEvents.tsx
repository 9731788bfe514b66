import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useGet } from '../../../api/query';
import { ResourceList } from '../../../list';
import { Empty, Go, When } from '../../../shell';
import { Section } from '../Section';
import { flatten } from './attributes';
import type { User } from './user';

interface Event {
  pk: string;
  action: string;
  app: string;
  client_ip: string | null;
  created: string;
  support_code: string;
  context: Row;
}

/** What a user did, and what was refused them. */
export function UserEvents({ user }: { user: User }) {
  const { t } = useTranslation();
  const known = useGet<{ name: string; component: string }[]>('events/events/actions');
  const nameOf = (action: string) => t(`events.action.${action}`, { defaultValue: known.data?.find(({ component }) => component === action)?.name ?? action });
  return (
    <Section title={t('users.tab.events')} text={t('users.events.text')}>
      <ResourceList<Event>
        path="events/events"
        query={{ username: user.username }}
        scope="events"
        label={t('users.tab.events')}
        defaultOrder="-created"
        columns={[
          { key: 'action', title: t('users.events.action'), render: ({ action }) => nameOf(action) },
          { key: 'created', title: t('users.events.created'), sort: true, render: ({ created }) => <When time={created} /> },
          { key: 'client_ip', title: t('users.events.ip'), render: ({ client_ip }) => (client_ip ? <code>{client_ip}</code> : '–') },
          {
            key: 'support_code', title: t('users.events.trace'),
            render: ({ support_code }) => (support_code ? <Go to={`traces/${support_code}`} ariaLabel={t('users.events.traceOf', { code: support_code })}><code>{support_code}</code></Go> : '–'),
          },
          { key: 'app', title: t('users.events.app'), hidden: true },
        ]}
        filters={[
          { name: 'actions', label: t('users.events.action'), type: 'multiple', options: (known.data ?? []).map(({ component }) => ({ value: component, label: nameOf(component) })) },
          { name: 'created', label: t('users.events.created'), type: 'time' },
        ]}
        expand={({ context }) => <Context of={context} />}
        empty={<Empty title={t('users.events.none')} />}
      />
    </Section>
  );
}

function Context({ of }: { of: Row }) {
  return (
    <dl className="directory-context">
      {flatten(of).map(([name, value]) => (
        <div key={name}><dt>{name}</dt><dd className="code directory-break">{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd></div>
      ))}
    </dl>
  );
}
