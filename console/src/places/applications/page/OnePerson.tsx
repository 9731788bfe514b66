import { Alert, Button, Flex, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useChange, useGet, useList } from '../../../api/query';
import { ReferenceSelect } from '../../../form/ReferenceSelect';
import { formFor, useForms } from '../../../form/forms';
import { Empty, Facts, Loading, Problem, useAddress, useSay, When } from '../../../shell';
import type { Application, Provider } from '../application';
import { Claims } from '../providers/Claims';

/** One person and this application: whether they may use it, what they consented to, what it learns of them. */
export function OnePerson({ app }: { app: Application }) {
  const { t } = useTranslation();
  const [{ person }, change] = useAddress();
  const pk = person ? Number(person) : null;
  return (
    <section className="applications-stack">
      <Typography.Title level={2}>{t('applications.person.title')}</Typography.Title>
      <Typography.Paragraph type="secondary">{t('applications.person.text')}</Typography.Paragraph>
      <div className="page-narrow">
        <ReferenceSelect to="user" create={false} nullable label={t('applications.person.choose')} placeholder={t('applications.person.choose')} value={pk} onChange={(value) => change({ person: value === null ? undefined : String(value) }, { replace: true })} />
      </div>
      {pk === null ? null : (
        <>
          <MayUse app={app} pk={pk} />
          <Consents app={app} pk={pk} />
          {app.provider_obj && <Learns provider={app.provider_obj} pk={pk} />}
        </>
      )}
    </section>
  );
}

function MayUse({ app, pk }: { app: Application; pk: number }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useGet<{ passing: boolean; messages: string[] }>(`core/applications/${app.slug}/check_access`, { for_user: pk });
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <Alert
      showIcon
      type={data.passing ? 'success' : 'error'}
      title={t(data.passing ? 'applications.person.may' : 'applications.person.mayNot')}
      {...(data.messages.length > 0 && { description: <ul>{data.messages.map((message) => <li key={message}>{message}</li>)}</ul> })}
    />
  );
}

interface Consent {
  pk: number;
  expires: string | null;
  expiring: boolean;
  application: { pk: string } | null;
  permissions: string;
}

function Consents({ app, pk }: { app: Application; pk: number }) {
  const { t } = useTranslation();
  const change = useChange();
  const say = useSay();
  const { data, error, refetch } = useList<Consent>('core/user_consent', { user: pk, page_size: 500 });
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const consents = data.results.filter(({ application }) => application?.pk === app.pk);
  return (
    <div className="applications-section">
      <Typography.Title level={3}>{t('applications.person.consent')}</Typography.Title>
      {consents.length === 0 && <Typography.Text type="secondary">{t('applications.person.noConsent')}</Typography.Text>}
      {consents.map((consent) => (
        <Flex key={consent.pk} vertical gap="small" align="start">
          <Facts
            items={[
              { label: t('applications.person.consentTo'), value: <Flex gap={4} wrap>{consent.permissions.split(' ').filter(Boolean).map((scope) => <Tag key={scope}>{scope}</Tag>)}</Flex> },
              { label: t('applications.person.until'), value: consent.expiring ? <When time={consent.expires} /> : t('applications.person.forever') },
            ]}
          />
          <Button
            danger
            loading={change.isPending}
            onClick={() => change.mutate({ method: 'DELETE', path: `core/user_consent/${consent.pk}` }, { onSuccess: () => say.done(t('applications.person.withdrawn')), onError: say.failed })}
          >
            {t('applications.person.withdraw')}
          </Button>
        </Flex>
      ))}
    </div>
  );
}

/** What the application is told of this person. */
function Learns({ provider, pk }: { provider: Provider; pk: number }) {
  const { t } = useTranslation();
  const form = formFor(useForms().data ?? [], provider as never);
  return (
    <div className="applications-section">
      <Typography.Title level={3}>{t('applications.person.learns')}</Typography.Title>
      {form ? <Claims path={`${form.path}/${provider.pk}`} user={pk} /> : <Empty title={t('applications.person.nothing')} />}
    </div>
  );
}
