import { Alert, Flex, Form, Select, Tag } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { ReferenceSelect } from '../../../form';
import { SmallTable } from '../../../list';
import { Go } from '../../../shell/Go';
import { Empty, Loading, Problem } from '../../../shell/states';
import { type Draft, DraftBar } from '../draft';
import { type TryResult, useSamples } from '../model';
import { isMissing } from './Findings';
import { Properties, StoredTable } from './properties';
import { Section } from './Section';

/** Which mappings a source has, and what they make of somebody. */
export function Mappings({ draft, path, query }: { draft: Draft; path: string; query: Record<string, string> }) {
  const { t } = useTranslation();
  const { value, set, faults } = draft;
  const fault = (name: string) => faults[name] && { validateStatus: 'error' as const, help: faults[name]?.join(' ') };
  return (
    <>
      <Section title={t('sources.mappings.title')} text={t('sources.mappings.text')}>
        <Form layout="vertical" className="sources-narrow">
          <Form.Item label={t('sources.mappings.user')} extra={t('sources.mappings.userHelp')} {...fault('user_property_mappings')}>
            <ReferenceSelect multiple create to="propertymapping" query={query} label={t('sources.mappings.user')} value={value.user_property_mappings} onChange={(pks) => set({ user_property_mappings: pks as string[] })} />
          </Form.Item>
          <Form.Item label={t('sources.mappings.group')} extra={t('sources.mappings.groupHelp')} {...fault('group_property_mappings')}>
            <ReferenceSelect multiple create to="propertymapping" query={query} label={t('sources.mappings.group')} value={value.group_property_mappings} onChange={(pks) => set({ group_property_mappings: pks as string[] })} />
          </Form.Item>
        </Form>
        <DraftBar draft={draft} />
      </Section>
      <Section title={t('sources.mappings.sample')} text={draft.dirty ? t('sources.mappings.asSaved') : t('sources.mappings.sampleText')}>
        <Sample path={path} version={JSON.stringify([value.user_property_mappings, draft.dirty])} />
      </Section>
    </>
  );
}

/** Somebody of the simulator's, before and after. */
function Sample({ path, version }: { path: string; version: string }) {
  const { t } = useTranslation();
  const samples = useSamples(path);
  const [chosen, setChosen] = useState<string>();
  const people = samples.data?.people ?? [];
  const person = people.find(({ id }) => id === chosen) ?? people[0];
  const result = useQuery({
    queryKey: [...path.split('/'), 'try', person?.id, version],
    queryFn: ({ signal }) => call<TryResult>('POST', `${path}/try`, { body: { person: person?.id }, signal }).then(({ data }) => data),
    enabled: Boolean(person),
    placeholderData: (before) => before,
    retry: false,
  });
  const error = samples.error ?? result.error;
  if (error) return isMissing(error) ? <Alert type="info" showIcon title={t('sources.notHere')} /> : <Problem error={error} onRetry={() => void (samples.error ? samples : result).refetch()} />;
  if (!samples.data) return <Loading />;
  if (!person) return <Empty title={t('sources.mappings.noSamples')} text={t('sources.mappings.noSamplesText')} />;
  return (
    <Flex vertical gap="middle">
      <Select
        className="sources-narrow"
        aria-label={t('sources.try.person')}
        value={person.id}
        onChange={setChosen}
        options={people.map(({ id, name }) => ({ value: id, label: name || t('sources.try.nameless') }))}
      />
      <div className="sources-pair">
        <section>
          <h3>{t('sources.mappings.before')}</h3>
          <Properties value={person.profile} label={t('sources.mappings.before')} />
        </section>
        <section aria-live="polite">
          <h3>{t('sources.mappings.after')}</h3>
          {result.data ? <StoredTable result={result.data} /> : <Loading />}
        </section>
      </div>
      {result.data && result.data.mappings.length > 0 && (
        <SmallTable
          label={t('sources.mappings.each')}
          rows={result.data.mappings}
          columns={[
            { key: 'name', title: t('sources.mappings.mapping'), render: ({ pk, name }) => <Go to={`property-mappings/${pk}`}>{name}</Go> },
            { key: 'result', title: t('sources.mappings.gives'), render: ({ result: gives, error: failure }) => (failure ? <Tag color="error">{failure}</Tag> : <code className="sources-value">{JSON.stringify(gives)}</code>) },
          ]}
        />
      )}
    </Flex>
  );
}
