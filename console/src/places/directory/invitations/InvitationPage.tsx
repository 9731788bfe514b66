import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import { Alert, Button, QRCode, Typography } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useList, useObject } from '../../../api/query';
import { FormDrawer } from '../../../form';
import { CopyField, Empty, Facts, Go, Loading, Page, Problem, useDestroy, useGo, useParam, usePublic, useSay, When } from '../../../shell';
import { Section } from '../Section';
import { Attributes } from '../users/attributes';
import type { Door, Flow, Invitation, Source } from './invitation';
import { doorsOf, invitationForm, isOver } from './invitation';

const path = 'stages/invitation/invitations';

/** One invitation, with the links to send. */
export default function InvitationPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const go = useGo();
  const say = useSay();
  const destroy = useDestroy();
  const [editing, setEditing] = useState(false);
  const form = useMemo(() => invitationForm(t), [t]);
  const { data, error, refetch } = useObject<Invitation>(`${path}/${pk}`);
  const back = { to: 'invitations', label: t('menu.invitations') };
  if (error && !data) return <Page title={t('invitations.one')} back={back}><Problem error={error} onRetry={() => void refetch()} /></Page>;
  if (!data) return <Page title={t('invitations.one')} back={back}><Loading /></Page>;
  const invitation = data.data;
  const remove = () => destroy({
    objects: [{ path: `${path}/${pk}`, name: invitation.name }], noun: t('invitations.one'), consequence: t('invitations.consequence'), onDone: () => go('invitations', { replace: true }),
  });
  return (
    <Page
      title={invitation.name}
      back={back}
      actions={(
        <>
          <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>{t('directory.edit')}</Button>
          <Button danger icon={<DeleteOutlined />} onClick={remove}>{t('invitations.withdraw')}</Button>
        </>
      )}
    >
      <div className="directory-stack">
        <Links invitation={invitation} />
        <About invitation={invitation} />
      </div>
      <FormDrawer
        form={form} objectKey={pk} title={t('invitations.edit')} open={editing} onClose={() => setEditing(false)}
        onSaved={() => {
          say.done(t('directory.saved'));
          setEditing(false);
        }}
      />
    </Page>
  );
}

/** Flows with a stage that looks at invitations, and the sources that enrol. */
function useDoors(invitation: Invitation): { doors: Door[]; watched: boolean } | undefined {
  const { origin } = usePublic();
  const stages = useList<{ pk: string }>('stages/invitation/stages', { page_size: 100 });
  const bindings = useList<{ target: string; stage: string }>('flows/bindings', { page_size: 100 });
  const more = useList<{ target: string; stage: string }>('flows/bindings', { page_size: 100, page: 2 }, (bindings.data?.pagination.total_pages ?? 1) > 1);
  const flows = useList<Flow>('flows/instances', { page_size: 100, designation: 'enrollment' });
  const sources = useList<Source>('sources/oauth', { page_size: 100 });
  if (!stages.data || !bindings.data || !flows.data || !sources.data) return undefined;
  const looking = new Set(stages.data.results.map(({ pk }) => pk));
  const targets = new Set([...bindings.data.results, ...(more.data?.results ?? [])].filter(({ stage }) => looking.has(stage)).map(({ target }) => target));
  const fitting = flows.data.results.filter(({ pk }) => targets.has(pk));
  return {
    doors: doorsOf(invitation, sources.data.results, fitting, origin),
    watched: invitation.flow === null ? fitting.length > 0 : targets.has(invitation.flow),
  };
}

function Links({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const found = useDoors(invitation);
  if (!found) return <Loading />;
  const { doors, watched } = found;
  const flow = invitation.flow_obj;
  return (
    <Section title={t('invitations.links')} text={t(invitation.single_use ? 'invitations.linksOnce' : 'invitations.linksOften')}>
      <div className="directory-stack">
        {isOver(invitation) && <Alert type="warning" showIcon title={t('invitations.over')} description={t('invitations.overText')} />}
        {!watched && (
          <Alert
            type="warning" showIcon title={t('invitations.unwatched')}
            description={<>{t('invitations.unwatchedText')} {flow && <Go to={`flows/${flow.slug}`}>{t('invitations.toFlow', { name: flow.name })}</Go>}</>}
          />
        )}
        {doors.length === 0 && <Empty title={t('invitations.noDoor')} text={t('invitations.noDoorText')} />}
        {doors.map((door) => <Link key={door.url} door={door} />)}
      </div>
    </Section>
  );
}

function Link({ door }: { door: Door }) {
  const { t } = useTranslation();
  const label = t(`invitations.by.${door.by}`, { name: door.name });
  return (
    <div className="invitation-link">
      {/* Dark on light also where the console is dark: many phones read no other. */}
      <QRCode value={door.url} type="svg" size={148} color="#000000" bgColor="#ffffff" aria-label={t('invitations.code', { name: label })} />
      <div className="invitation-link-text">
        <Typography.Title level={3}>{label}</Typography.Title>
        <CopyField value={door.url} label={label} />
        <Typography.Paragraph type="secondary">{t(`invitations.byText.${door.by}`, { name: door.name })}</Typography.Paragraph>
      </div>
    </div>
  );
}

function About({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  const { created_by, fixed_data } = invitation;
  return (
    <>
      <Section title={t('invitations.one')}>
        <Facts
          items={[
            { label: t('invitations.field.flow'), value: invitation.flow_obj ? <Go to={`flows/${invitation.flow_obj.slug}`}>{invitation.flow_obj.name}</Go> : t('invitations.anyFlow') },
            { label: t('invitations.field.expires'), value: invitation.expires ? <When time={invitation.expires} /> : t('directory.unlimited') },
            { label: t('invitations.field.uses'), value: t(invitation.single_use ? 'invitations.once' : 'invitations.often') },
            { label: t('invitations.field.created_by'), value: created_by ? <Go to={`users/${created_by.pk}`}>{created_by.name || created_by.username}</Go> : '–' },
          ]}
        />
      </Section>
      <Section title={t('invitations.field.fixed_data')} text={t('invitations.fixedText')}>
        {Object.keys(fixed_data).length > 0 ? <Attributes of={fixed_data as Row} /> : <Empty title={t('invitations.nothingFixed')} />}
      </Section>
    </>
  );
}
