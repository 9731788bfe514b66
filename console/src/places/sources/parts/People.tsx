import { DisconnectOutlined } from '@ant-design/icons';
import { Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../../api/query';
import { ResourceList } from '../../../list';
import { useDestroy } from '../../../shell/Destroy';
import { Go } from '../../../shell/Go';
import { Empty, When } from '../../../shell/states';
import { connectionsOf, type Source } from '../model';
import { Section } from './Section';

interface Connection {
  pk: number;
  user: number;
  identifier: string;
  identifiers: { kind: string; value: string }[];
  created: string;
  last_updated: string;
}

/** Who is connected to the source, and by which of its ids. */
export function People({ source, path }: { source: Source; path: string }) {
  const { t } = useTranslation();
  const destroy = useDestroy();
  const list = connectionsOf(path);
  const disconnect = (rows: Connection[]) => destroy({
    objects: rows.map(({ pk, identifier }) => ({ path: `${list}/${pk}`, name: identifier })),
    noun: t('sources.people.title'),
    consequence: t('sources.people.consequence', { name: source.name }),
  });
  return (
    <Section title={t('sources.people.title')} text={t('sources.people.text', { name: source.name })}>
      <ResourceList<Connection>
        path={list}
        query={{ source__slug: source.slug }}
        scope="people"
        label={t('sources.people.title')}
        defaultOrder="-created"
        empty={<Empty title={t('sources.people.none')} text={t('sources.people.noneText')} />}
        columns={[
          { key: 'user', title: t('sources.people.user'), render: ({ user }) => <Name pk={user} /> },
          { key: 'identifiers', title: t('sources.people.ids'), csv: 'identifier', render: (row) => <Ids row={row} /> },
          { key: 'created', title: t('sources.people.since'), sort: true, render: ({ created }) => <When time={created} /> },
          { key: 'last_updated', title: t('sources.people.changed'), sort: true, hidden: true, render: ({ last_updated: time }) => <When time={time} /> },
        ]}
        actions={[
          { key: 'disconnect', label: t('sources.people.disconnect'), icon: <DisconnectOutlined aria-hidden />, danger: true, many: true, run: (row) => void disconnect([row]), runMany: disconnect },
        ]}
      />
    </Section>
  );
}

/** The list of connections tells a user's key alone. */
function Name({ pk }: { pk: number }) {
  const { data } = useGet<{ username: string; name: string }>(`core/users/${pk}`);
  return <Go to={`users/${pk}`}>{data ? data.name || data.username : `#${pk}`}</Go>;
}

function Ids({ row }: { row: Connection }) {
  const all = row.identifiers.length > 0 ? row.identifiers : [{ kind: '', value: row.identifier }];
  return (
    <ul className="sources-ids">
      {all.map(({ kind, value }) => (
        <li key={`${kind} ${value}`}>{kind && <Tag>{kind}</Tag>}<Typography.Text className="code" copyable={{ text: value }} ellipsis={{ tooltip: value }}>{value}</Typography.Text></li>
      ))}
    </ul>
  );
}
