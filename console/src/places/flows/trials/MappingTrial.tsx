// Trying a property mapping out: on a profile that a source gave, or on a person whom an application asks about.

import { Alert, Select, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useGet } from '../../../api/query';
import { ObjectEditor, ReferenceSelect } from '../../../form';
import { useMe, useReason } from '../../../shell';
import { useAll } from '../data';
import type { Trying } from '../kinds/KindedEditor';
import { Json } from './Json';
import { samples, tokenOf } from './samples';
import { TrialBox, TrialField } from './TrialBox';
import { useTrial } from './useTrial';

interface Result {
  result: string;
  successful: boolean;
}

interface Person {
  id: string;
  name: string;
  profile: Row;
}

type MappingTrialProps = Trying & { pk: string };

const useMappingTrial = (pk: string) => useTrial<Result>(`propertymappings/all/${pk}/test`);

/** The people whom a source could be tried with: our own, and those of its simulator, if it has one. */
function usePeople(source: string | undefined): Person[] {
  const { t } = useTranslation();
  const { data } = useGet<{ people: Person[] }>(`sources/oauth/${encodeURIComponent(source ?? '')}/samples`, {}, source !== undefined);
  return [...samples.map(({ key, profile }) => ({ id: `own ${key}`, name: t(`mappings.sample.${key}`), profile })), ...(data?.people ?? [])];
}

/** A mapping of a source: a profile before, what is made of it after. */
export function ProfileTrial({ pk, ...trying }: MappingTrialProps) {
  const { t } = useTranslation();
  const { data: sources } = useAll<Row>('sources/all');
  const [source, setSource] = useState<string>();
  useEffect(() => {
    if (!source && sources?.[0]) setSource(String(sources[0].slug));
  }, [source, sources]);
  const people = usePeople(source);
  const [person, setPerson] = useState(people[0]!.id);
  const [profile, setProfile] = useState<Row>(people[0]!.profile);
  const trial = useMappingTrial(pk);
  const [tried, setTried] = useState<Row>(profile);
  const run = () => {
    setTried(profile);
    const client = { source: source ?? '', provider_type: '' };
    trial.mutate({ context: { info: profile, token: tokenOf(profile), source: source ?? null, client, properties: {}, group_id: null } });
  };
  const choose = (id: string) => {
    const found = people.find((one) => one.id === id);
    if (!found) return;
    setPerson(id);
    setProfile(found.profile);
  };
  return (
    <TrialBox
      {...trying}
      title={t('mappings.trial.title')}
      text={t('mappings.trial.profileText')}
      busy={trial.isPending}
      ready
      onTry={run}
      result={<Outcome error={trial.error} result={trial.data} before={<Side title={t('mappings.trial.before')}><Json value={tried} label={t('mappings.trial.before')} /></Side>} />}
    >
      <div className="trial-sides">
        <TrialField label={t('mappings.trial.person')}>
          <Select value={person} aria-label={t('mappings.trial.person')} onChange={choose} options={people.map(({ id, name }) => ({ value: id, label: name }))} />
        </TrialField>
        {(sources?.length ?? 0) > 0 && (
          <TrialField label={t('mappings.trial.source')}>
            <Select value={source} aria-label={t('mappings.trial.source')} onChange={setSource} options={(sources ?? []).map(({ slug, name }) => ({ value: String(slug), label: String(name) }))} />
          </TrialField>
        )}
      </div>
      <TrialField label={t('mappings.trial.profile')} hint={t('mappings.trial.profileHint')}>
        <ObjectEditor key={person} value={profile} label={t('mappings.trial.profile')} onChange={setProfile} />
      </TrialField>
    </TrialBox>
  );
}

/** A mapping of an application: the claims it makes of a person. */
export function ClaimsTrial({ pk, ...trying }: MappingTrialProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [user, setUser] = useState<number | null>(me.pk);
  const { data: providers } = useAll<Row>('providers/all');
  const [provider, setProvider] = useState<string>();
  const trial = useMappingTrial(pk);
  const chosen = provider ?? (providers?.[0] ? String(providers[0].name) : undefined);
  return (
    <TrialBox
      {...trying}
      title={t('mappings.trial.title')}
      text={t('mappings.trial.claimsText')}
      busy={trial.isPending}
      ready={user !== null}
      onTry={() => trial.mutate({ user, context: { provider: chosen ?? null, token: null } })}
      result={<Outcome error={trial.error} result={trial.data} />}
    >
      <TrialField label={t('policies.trial.user')}>
        <ReferenceSelect to="user" value={user} create={false} label={t('policies.trial.user')} onChange={(next) => setUser(typeof next === 'number' ? next : null)} />
      </TrialField>
      {(providers?.length ?? 0) > 0 && (
        <TrialField label={t('mappings.trial.provider')}>
          <Select value={chosen} aria-label={t('mappings.trial.provider')} onChange={setProvider} options={(providers ?? []).map(({ name }) => ({ value: String(name), label: String(name) }))} />
        </TrialField>
      )}
    </TrialBox>
  );
}

function Side({ title, children }: { title: string; children: ReactNode }) {
  return <div className="trial-side"><Typography.Title level={3}>{title}</Typography.Title>{children}</div>;
}

function Outcome({ error, result, before }: { error: unknown; result: Result | undefined; before?: ReactNode }) {
  const { t } = useTranslation();
  const reason = useReason();
  if (error) return <Alert type="error" showIcon title={reason(error)} />;
  if (!result) return null;
  if (!result.successful) return <Alert type="error" showIcon title={t('mappings.trial.failed')} description={<span className="code">{result.result}</span>} />;
  return (
    <div className="trial-sides">
      {before}
      <Side title={t('mappings.trial.after')}><Json value={indented(result.result)} label={t('mappings.trial.after')} /></Side>
    </div>
  );
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
