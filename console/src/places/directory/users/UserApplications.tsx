import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useChange } from '../../../api/query';
import { useKindName } from '../../../form/forms';
import { ResourceList } from '../../../list';
import { Empty, Go, useSay, When } from '../../../shell';
import { Mark } from '../Mark';
import { Section } from '../Section';
import { useSure } from '../useSure';
import type { User } from './user';

interface Consent {
  pk: number;
  expires: string | null;
  expiring: boolean;
  application: { name: string; slug: string } | null;
  /** Scopes, separated by blanks. */
  permissions: string;
}

interface Application extends Row {
  pk: string;
  name: string;
  slug: string;
  provider_obj: { verbose_name: string; meta_model_name?: string } | null;
  launch_url: string | null;
}

/** What a user may open, and what they have let applications know. */
export function UserApplications({ user }: { user: User }) {
  const { t } = useTranslation();
  const kindName = useKindName();
  return (
    <div className="directory-stack">
      <Section title={t('users.applications.title')} text={t('users.applications.text')}>
        <ResourceList<Application>
          path="core/applications"
          query={{ for_user: user.pk }}
          scope="applications"
          label={t('users.applications.title')}
          search={false}
          csv={false}
          to={({ slug }) => `applications/${slug}`}
          columns={[
            { key: 'name', title: t('users.applications.name') },
            { key: 'provider', title: t('users.applications.provider'), render: ({ provider_obj }) => kindName(provider_obj) || '–' },
          ]}
          empty={<Empty title={t('users.applications.none')} text={t('users.applications.noneText')} />}
        />
      </Section>
      <Consents user={user} />
    </div>
  );
}

function Consents({ user }: { user: User }) {
  const { t } = useTranslation();
  const { mutateAsync } = useChange();
  const say = useSay();
  const sure = useSure();
  const revoke = (consent: Consent) => sure({
    title: t('users.consents.revokeTitle', { application: consent.application?.name ?? '' }), text: t('users.consents.revokeText'), yes: t('users.consents.revoke'), danger: true,
    run: () => mutateAsync({ method: 'DELETE', path: `core/user_consent/${consent.pk}` }).then(() => say.done(t('users.consents.revoked')), say.failed),
  });
  return (
    <Section title={t('users.consents.title')} text={t('users.consents.text')}>
      <ResourceList<Consent>
        path="core/user_consent"
        query={{ user: user.pk }}
        scope="consents"
        label={t('users.consents.title')}
        search={false}
        csv={false}
        columns={[
          { key: 'application', title: t('users.applications.name'), render: ({ application }) => (application ? <Go to={`applications/${application.slug}`}>{application.name}</Go> : '–') },
          { key: 'permissions', title: t('users.consents.permissions'), render: ({ permissions }) => permissions.split(' ').filter(Boolean).map((scope) => <Mark key={scope}>{scope}</Mark>) },
          { key: 'expires', title: t('users.consents.expires'), render: ({ expiring, expires }) => (expiring ? <When time={expires} /> : t('directory.unlimited')) },
        ]}
        actions={[{ key: 'revoke', label: t('users.consents.revoke'), danger: true, run: (row) => void revoke(row) }]}
        empty={<Empty title={t('users.consents.none')} />}
      />
    </Section>
  );
}
