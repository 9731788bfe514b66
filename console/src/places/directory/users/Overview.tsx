import { Alert, Flex, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';

import { Copy, Empty, Facts, Go, When } from '../../../shell';
import { Mark } from '../Mark';
import { Section } from '../Section';
import { Uses } from '../groups/Uses';
import { Attributes } from './attributes';
import type { User } from './user';
import { mailState } from './user';

/** What is known of a user. */
export function Overview({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <div className="directory-stack">
      {!user.is_active && <Alert type="warning" showIcon title={t('users.inactive.title')} description={t('users.inactive.text')} />}
      <Section title={t('users.person')}>
        <Facts
          items={[
            { label: t('users.field.username'), value: user.username },
            { label: t('users.field.name'), value: user.name },
            { label: t('users.field.email'), value: <Mail user={user} /> },
            { label: t('users.field.type'), value: t(`users.type.${user.type}`) },
            { label: t('users.field.groups'), value: <Memberships user={user} /> },
            { label: t('users.field.path'), value: user.path },
            { label: t('users.field.last_login'), value: <When time={user.last_login} /> },
            { label: t('users.field.date_joined'), value: <When time={user.date_joined} /> },
            { label: t('users.field.last_updated'), value: <When time={user.last_updated} /> },
            { label: t('users.field.password_change_date'), value: changedPassword(user) ? <When time={user.password_change_date} /> : t('users.passwordNever') },
          ]}
        />
      </Section>
      <Section title={t('users.field.attributes')} text={t('users.attributesText')}>
        {Object.keys(user.attributes).length > 0 ? <Attributes of={user.attributes} /> : <Empty title={t('users.noAttributes')} />}
      </Section>
      <Uses of="user" pk={user.pk} />
      <Section title={t('users.ids.title')} text={t('users.ids.text')}>
        <Facts
          items={[
            { label: t('users.ids.pk'), value: <Id value={String(user.pk)} label={t('users.ids.pk')} /> },
            { label: t('users.field.uuid'), value: <Id value={user.uuid} label={t('users.field.uuid')} /> },
            { label: t('users.ids.uid'), value: <Id value={user.uid} label={t('users.ids.uid')} /> },
          ]}
        />
      </Section>
    </div>
  );
}

/** Whether a password was set since the user was made. The server notes the making of the user where there was none. */
const changedPassword = (user: User) => Math.abs(Date.parse(user.password_change_date) - Date.parse(user.date_joined)) > 1000;

function Id({ value, label }: { value: string; label: string }) {
  return <Flex gap="small" align="center"><code className="directory-break">{value}</code><Copy text={value} label={label} /></Flex>;
}

const mailTones = { verified: 'good', unproven: 'careful', given: 'plain' } as const;

/** The address, and what is known of it. */
function Mail({ user }: { user: User }) {
  const { t } = useTranslation();
  const state = mailState(user);
  if (state === 'none') return t('users.mail.none');
  return (
    <Flex gap="small" wrap align="center">
      <span className="directory-break">{user.email}</span>
      <Tooltip title={t(`users.mailText.${state}`)}><Mark tone={mailTones[state]} focusable>{t(`users.mail.${state}`)}</Mark></Tooltip>
    </Flex>
  );
}

function Memberships({ user }: { user: User }) {
  const { t } = useTranslation();
  const groups = user.groups_obj ?? [];
  if (groups.length === 0) return t('users.groups.noneShort');
  return <Flex gap="small" wrap>{groups.map(({ pk, name }) => <Go key={pk} to={`groups/${pk}`}>{name}</Go>)}</Flex>;
}
