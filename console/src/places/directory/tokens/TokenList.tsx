import { DeleteOutlined, EditOutlined, EyeOutlined, KeyOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { FormDrawer } from '../../../form';
import type { Column } from '../../../list';
import { ResourceList } from '../../../list';
import { Empty, useDestroy, useMe, When } from '../../../shell';
import { Mark } from '../Mark';
import { Person } from '../Person';
import { SetKey, ShowKey } from './Key';
import type { Token } from './token';
import { intents, isOver, tokenForm } from './token';

/** What is being done with a token. */
type Doing = { what: 'create' } | { what: 'edit' | 'show' | 'made' | 'set'; token: Token };

interface TokenListProps {
  /** Only the tokens of this user. */
  user?: { pk: number; username: string };
  scope?: string;
}

/** Tokens, and all that is done with them. */
export function TokenList({ user, scope }: TokenListProps) {
  const { t } = useTranslation();
  const [doing, setDoing] = useState<Doing | null>(null);
  const destroy = useDestroy();
  const close = () => setDoing(null);
  // The drawer closes after what it made was told; then something else is being done already.
  const closeDrawer = () => setDoing((now) => (now?.what === 'create' ? null : now));
  const create = <Button type="primary" icon={<PlusOutlined />} onClick={() => setDoing({ what: 'create' })}>{t('tokens.create')}</Button>;
  const remove = (tokens: Token[]) => destroy({
    objects: tokens.map(({ identifier }) => ({ path: `core/tokens/${encodeURIComponent(identifier)}`, name: identifier })), noun: t('tokens.one'), consequence: t('tokens.delete.consequence'),
  });
  return (
    <>
      <ResourceList<Token>
        path="core/tokens"
        {...(user && { query: { user__username: user.username } })}
        {...(scope && { scope })}
        label={t('menu.tokens')}
        toolbar={create}
        rowKey="identifier"
        columns={useColumns(user !== undefined)}
        filters={useFilters()}
        actions={[
          { key: 'show', label: t('tokens.key.show'), icon: <EyeOutlined />, run: (token) => setDoing({ what: 'show', token }) },
          { key: 'set', label: t('tokens.key.set'), icon: <KeyOutlined />, run: (token) => setDoing({ what: 'set', token }) },
          { key: 'edit', label: t('directory.edit'), icon: <EditOutlined />, run: (token) => setDoing({ what: 'edit', token }) },
          { key: 'delete', label: t('tokens.revoke'), icon: <DeleteOutlined />, danger: true, many: true, run: (token) => void remove([token]), runMany: remove },
        ]}
        empty={<Empty title={t('tokens.none')} text={t('tokens.noneText')} action={create} />}
      />
      <Dialogues doing={doing} setDoing={setDoing} close={close} closeDrawer={closeDrawer} {...(user && { user })} />
    </>
  );
}

interface DialoguesProps {
  doing: Doing | null;
  setDoing: (doing: Doing) => void;
  close: () => void;
  closeDrawer: () => void;
  user?: { pk: number };
}

function Dialogues({ doing, setDoing, close, closeDrawer, user }: DialoguesProps) {
  const { t } = useTranslation();
  const me = useMe();
  const form = useMemo(() => tokenForm(t, doing?.what === 'edit' ? doing.token.intent : undefined), [t, doing]);
  if (!doing) return null;
  switch (doing.what) {
    case 'create':
      return (
        <FormDrawer
          form={form} title={t('tokens.create')} preset={{ user: user?.pk ?? me.pk }} open onClose={closeDrawer}
          onSaved={(row: Row) => setDoing({ what: 'made', token: row as unknown as Token })}
        />
      );
    case 'edit':
      return <FormDrawer form={form} objectKey={doing.token.identifier} title={t('tokens.edit')} open onClose={close} onSaved={close} />;
    case 'set':
      return <SetKey token={doing.token} onClose={close} />;
    default:
      return <ShowKey token={doing.token} made={doing.what === 'made'} onClose={close} />;
  }
}

function useColumns(ofOne: boolean): Column<Token>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const columns: Column<Token>[] = [
      { key: 'identifier', title: t('tokens.field.identifier'), sort: true, render: ({ identifier }) => <code className="directory-break">{identifier}</code> },
      { key: 'description', title: t('tokens.field.description'), sort: true },
      { key: 'user', title: t('tokens.field.user'), sort: 'user__username', csv: 'user_obj.username', hidden: ofOne, render: ({ user_obj }) => <Person user={user_obj} link /> },
      { key: 'intent', title: t('tokens.field.intent'), sort: true, render: ({ intent }) => t(`tokens.intent.${intent}`, { defaultValue: intent }) },
      {
        key: 'expires', title: t('tokens.field.expires'), sort: true,
        render: (token) => (isOver(token) ? <Mark tone="bad">{t('tokens.over')}</Mark> : token.expiring ? <When time={token.expires} /> : t('directory.unlimited')),
      },
      { key: 'managed', title: t('tokens.field.managed'), sort: true, hidden: true },
    ];
    return columns;
  }, [t, ofOne]);
}

function useFilters() {
  const { t } = useTranslation();
  return useMemo(() => [
    { name: 'intent', label: t('tokens.field.intent'), type: 'select' as const, options: [...intents, 'verification', 'recovery'].map((value) => ({ value, label: t(`tokens.intent.${value}`) })) },
    { name: 'expiring', label: t('tokens.field.expiring'), type: 'boolean' as const },
  ], [t]);
}
