import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useChange, useList } from '../../../api/query';
import { FormDrawer, makeField, makeForm } from '../../../form';
import { ResourceList } from '../../../list';
import type { Column } from '../../../list';
import { Copy, Empty, Go, useSay, When } from '../../../shell';
import { Mark } from '../Mark';
import { Section } from '../Section';
import { useRefused } from '../useRefused';
import { useSure } from '../useSure';
import { Attributes } from './attributes';
import type { User } from './user';
import { nameOf as nameOfUser } from './user';

interface Connection {
  pk: number;
  source: string;
  source_obj: { name: string; slug: string; verbose_name?: string; meta_model_name?: string } | null;
  identifier: string;
  identifiers: { kind: string; namespace: string; value: string }[];
  profile?: Row;
  created: string;
  last_updated: string;
}

const path = 'sources/user_connections/oauth';

/** The accounts at sources by which a user signs in. */
export function Connections({ user }: { user: User }) {
  const { t } = useTranslation();
  const { mutateAsync } = useChange();
  const say = useSay();
  const sure = useSure();
  const refused = useRefused();
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Connection | null>(null);
  const form = useConnectionForm();
  const remove = (connection: Connection) => sure({
    title: t('users.connections.removeTitle', { source: connection.source_obj?.name ?? '' }), text: t('users.connections.removeText', { name: nameOfUser(user) }),
    yes: t('users.connections.remove'), danger: true,
    run: () => mutateAsync({ method: 'DELETE', path: `${path}/${connection.pk}` }).then(() => say.done(t('users.connections.removed')), refused),
  });
  const add = <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('users.connections.add')}</Button>;
  const columns: Column<Connection>[] = [
    {
      key: 'source', title: t('users.field.source'), csv: 'source_obj.name',
      render: ({ source_obj }) => (source_obj ? <Go to={`sources/${source_obj.slug}`}>{source_obj.name}</Go> : '–'),
    },
    { key: 'identifier', title: t('users.connections.identifier'), render: ({ identifier }) => <code className="directory-break">{identifier}</code> },
    { key: 'profile', title: t('users.connections.account'), csv: false, render: ({ profile }) => nickname(profile) || '–' },
    { key: 'created', title: t('users.connections.since'), render: ({ created }) => <When time={created} /> },
    { key: 'last_updated', title: t('users.connections.used'), render: ({ last_updated }) => <When time={last_updated} /> },
  ];
  return (
    <Section title={t('users.tab.connections')} text={t('users.connections.text')} actions={add}>
      <ResourceList<Connection>
        path={path}
        query={{ user: user.pk }}
        label={t('users.tab.connections')}
        scope="connections"
        search={false}
        csv={false}
        columns={columns}
        actions={[
          { key: 'change', label: t('users.connections.change'), run: setChanging },
          { key: 'remove', label: t('users.connections.remove'), icon: <DeleteOutlined />, danger: true, run: (row) => void remove(row) },
        ]}
        expand={(connection) => <Details connection={connection} />}
        empty={<Empty title={t('users.connections.none')} text={t('users.connections.noneText')} action={add} />}
      />
      <FormDrawer form={form} title={t('users.connections.add')} preset={{ user: user.pk }} open={adding} onClose={() => setAdding(false)} onSaved={() => setAdding(false)} />
      {changing && (
        <FormDrawer
          form={{ ...form, fields: form.fields.filter(({ name }) => name === 'identifier') }}
          objectKey={String(changing.pk)}
          title={t('users.connections.change')}
          open
          onClose={() => setChanging(null)}
          onSaved={() => setChanging(null)}
        />
      )}
    </Section>
  );
}

const nickname = (profile: Row | undefined) => [profile?.nickname, profile?.name, profile?.login].find((name) => typeof name === 'string' && name !== '') as string | undefined;

/** All names of the account, and what its source told last. */
function Details({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const nameOf = (kind: string) => t(`users.connections.kind.${kind}`, { defaultValue: kind });
  return (
    <div className="directory-stack">
      {connection.identifiers.map(({ kind, namespace, value }) => (
        <div key={kind + namespace + value}>
          <Mark>{nameOf(kind)}</Mark> <code className="directory-break">{value}</code> <Copy text={value} label={nameOf(kind)} />
        </div>
      ))}
      {Object.keys(connection.profile ?? {}).length > 0 ? <Attributes of={connection.profile ?? {}} /> : t('users.connections.noProfile')}
    </div>
  );
}

/** A connection made by hand: for somebody whose account at the source is known by other means. */
function useConnectionForm() {
  const { t } = useTranslation();
  const sources = useList<{ pk: string }>('sources/oauth', { page_size: 2, ordering: 'name' });
  const only = sources.data?.pagination.count === 1 ? sources.data.results[0]?.pk : undefined;
  return useMemo(() => makeForm({
    path, key: 'pk', verbose_name: t('users.connections.one'),
    fields: [
      makeField({
        name: 'source', title: t('users.field.source'), help: t('users.connections.sourceHelp'), type: 'string', required: true, ref: 'source', default: only ?? null, nullable: true,
      }),
      makeField({ name: 'identifier', title: t('users.connections.identifier'), help: t('users.connections.identifierHelp'), type: 'string', required: true }),
    ],
  }), [t, only]);
}
