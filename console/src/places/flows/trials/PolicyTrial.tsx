// Asking a policy about a person and a context of one's choice.

import { Alert, Select, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { ObjectEditor, ReferenceSelect } from '../../../form';
import { useMe, useReason } from '../../../shell';
import type { Trying } from '../kinds/KindedEditor';
import { samples } from './samples';
import { TrialBox, TrialField } from './TrialBox';
import { useTrial } from './useTrial';

interface Result {
  passing: boolean;
  messages: string[];
  log_messages: { timestamp: string; log_level: string; event: string; attributes: Row }[];
}

/** Contexts that a run may have, by their key below policies.trial.context. */
const contexts: Record<string, Row> = {
  nothing: {},
  typed: { prompt_data: { username: 'ada', name: 'Ada Lovelace', email: 'ada@example.org', password: 'correct horse battery staple' } },
  source: { is_sso: true, oauth_userinfo: samples[0]!.profile, prompt_data: { username: samples[0]!.profile.openid, name: samples[0]!.profile.nickname } },
  passkey: { auth_method: 'auth_webauthn_pwl', auth_method_args: { mfa_devices: [{ device_class: 'webauthn', user_verified: true }] } },
};

export function PolicyTrial({ pk, ...trying }: Trying & { pk: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const reason = useReason();
  const [user, setUser] = useState<number | null>(me.pk);
  const [which, setWhich] = useState('nothing');
  const [context, setContext] = useState<Row>({});
  const trial = useTrial<Result>(`policies/all/${pk}/test`);
  const choose = (key: string) => {
    setWhich(key);
    setContext(contexts[key] ?? {});
  };
  return (
    <TrialBox
      {...trying}
      title={t('policies.trial.title')}
      text={t('policies.trial.text')}
      busy={trial.isPending}
      ready={user !== null}
      onTry={() => trial.mutate({ user, context })}
      result={trial.error ? <Alert type="error" showIcon title={reason(trial.error)} /> : trial.data && <Outcome result={trial.data} />}
    >
      <TrialField label={t('policies.trial.user')}>
        <ReferenceSelect to="user" value={user} create={false} label={t('policies.trial.user')} onChange={(next) => setUser(typeof next === 'number' ? next : null)} />
      </TrialField>
      <TrialField label={t('policies.trial.situation')}>
        <Select
          value={which} aria-label={t('policies.trial.situation')} onChange={choose}
          options={Object.keys(contexts).map((value) => ({ value, label: t(`policies.trial.context.${value}`) }))}
        />
      </TrialField>
      <TrialField label={t('flows.context')} hint={t('policies.trial.contextHint')}>
        <ObjectEditor key={which} value={context} label={t('flows.context')} onChange={setContext} />
      </TrialField>
    </TrialBox>
  );
}

function Outcome({ result: { passing, messages, log_messages } }: { result: Result }) {
  const { t } = useTranslation();
  return (
    <>
      <Alert
        type={passing ? 'success' : 'warning'}
        showIcon
        title={t(passing ? 'policies.trial.passes' : 'policies.trial.refuses')}
        description={messages.length > 0 && <ul className="trial-messages">{messages.map((text, i) => <li key={i}>{text}</li>)}</ul>}
      />
      {log_messages.length > 0 && (
        <>
          <Typography.Title level={3}>{t('policies.trial.log')}</Typography.Title>
          <ul className="trial-log">
            {log_messages.map(({ log_level, event, attributes }, i) => (
              <li key={i}><Tag>{log_level}</Tag> {event} {Object.keys(attributes).length > 0 && <Typography.Text type="secondary" className="code">{JSON.stringify(attributes)}</Typography.Text>}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
