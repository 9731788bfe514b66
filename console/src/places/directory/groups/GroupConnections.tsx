import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FormDrawer, makeField, makeForm } from '../../../form';
import { ResourceList } from '../../../list';
import { Empty, Go, useDestroy, When } from '../../../shell';
import { Section } from '../Section';
import type { Group } from './group';

interface Connection {
  pk: number;
  source_obj: { name: string; slug: string } | null;
  identifier: string;
  created: string;
}

const path = 'sources/group_connections/oauth';

/** What sources call a group, so that they may say who belongs to it. */
export function GroupConnections({ group }: { group: Group }) {
  const { t } = useTranslation();
  const destroy = useDestroy();
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Connection | null>(null);
  const form = useMemo(() => makeForm({
    path, key: 'pk', verbose_name: t('groups.connections.one'),
    fields: [
      makeField({ name: 'source', title: t('users.field.source'), help: t('groups.connections.sourceHelp'), type: 'string', required: true, nullable: true, default: null, ref: 'source' }),
      makeField({ name: 'identifier', title: t('groups.connections.identifier'), help: t('groups.connections.identifierHelp'), type: 'string', required: true }),
    ],
  }), [t]);
  const add = <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('groups.connections.add')}</Button>;
  return (
    <Section title={t('groups.connections.title')} text={t('groups.connections.text')} actions={add}>
      <ResourceList<Connection>
        path={path}
        query={{ group: group.pk }}
        scope="connections"
        label={t('groups.connections.title')}
        search={false}
        csv={false}
        columns={[
          { key: 'source', title: t('users.field.source'), render: ({ source_obj }) => (source_obj ? <Go to={`sources/${source_obj.slug}`}>{source_obj.name}</Go> : '–') },
          { key: 'identifier', title: t('groups.connections.identifier'), render: ({ identifier }) => <code className="directory-break">{identifier}</code> },
          { key: 'created', title: t('users.connections.since'), render: ({ created }) => <When time={created} /> },
        ]}
        actions={[
          { key: 'change', label: t('users.connections.change'), run: setChanging },
          {
            key: 'delete', label: t('directory.delete'), icon: <DeleteOutlined />, danger: true,
            run: ({ pk, identifier }) => void destroy({ objects: [{ path: `${path}/${pk}`, name: identifier }], noun: t('groups.connections.one'), consequence: t('groups.connections.consequence') }),
          },
        ]}
        empty={<Empty title={t('groups.connections.none')} text={t('groups.connections.noneText')} action={add} />}
      />
      <FormDrawer form={form} title={t('groups.connections.add')} preset={{ group: group.pk }} open={adding} onClose={() => setAdding(false)} onSaved={() => setAdding(false)} />
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
