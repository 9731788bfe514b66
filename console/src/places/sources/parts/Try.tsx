import { ExperimentOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { Loading, Problem } from '../../../shell/states';
import { type TryResult as Result, useSamples } from '../model';
import { Check, isMissing } from './Findings';
import { Section } from './Section';
import { Trial } from './Trial';
import { TryResult } from './TryResult';

/** Everything that can be tried without anybody noticing. */
export function Try({ path, upstream }: { path: string; upstream: string }) {
  const { t } = useTranslation();
  const samples = useSamples(path);
  const simulated = samples.data && samples.data.people.length > 0;
  return (
    <>
      {samples.isPending && !samples.error && <Loading />}
      {samples.error && !isMissing(samples.error) && <Problem error={samples.error} onRetry={() => void samples.refetch()} />}
      {simulated && samples.data && (
        <Section title={t('sources.try.simulator', { name: upstream })} text={t('sources.try.simulatorText', { name: upstream })}>
          <Simulated path={path} samples={samples.data} />
        </Section>
      )}
      <Section title={t('sources.check.title', { name: upstream })} text={t('sources.check.text', { name: upstream })}>
        <Check path={path} name={upstream} />
      </Section>
      <Section title={t('sources.trial.title')} text={t('sources.trial.text', { name: upstream })}>
        <Trial path={path} name={upstream} />
      </Section>
    </>
  );
}

function Simulated({ path, samples: { people, faults } }: { path: string; samples: NonNullable<ReturnType<typeof useSamples>['data']> }) {
  const { t } = useTranslation();
  const [person, setPerson] = useState(people[0]?.id ?? '');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result>();
  const [error, setError] = useState<unknown>();
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await call<Result>('POST', `${path}/try`, { body: { person, ...(fault && { fault }) } });
      setResult(data);
    } catch (err) {
      setResult(undefined);
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Flex vertical gap="middle">
      <Form layout="vertical" className="sources-try" onFinish={() => void run()}>
        <Form.Item label={t('sources.try.person')} htmlFor="try-person">
          <Select
            id="try-person"
            showSearch={{ optionFilterProp: 'label' }}
            value={person}
            onChange={setPerson}
            options={people.map(({ id, name }) => ({ value: id, label: name || t('sources.try.nameless') }))}
          />
        </Form.Item>
        <Form.Item label={t('sources.try.fault')} htmlFor="try-fault">
          <Select
            id="try-fault"
            showSearch={{ optionFilterProp: 'label' }}
            value={fault}
            onChange={setFault}
            options={[{ value: '', label: t('sources.try.noFault') }, ...faults.map(({ id, title }) => ({ value: id, label: title }))]}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" icon={<ExperimentOutlined aria-hidden />} loading={busy}>{t('sources.try.run')}</Button>
      </Form>
      <div aria-live="polite">
        {error !== undefined && (isMissing(error) ? <Alert type="info" showIcon title={t('sources.notHere')} /> : <Problem error={error} />)}
        {result && <TryResult result={result} />}
      </div>
    </Flex>
  );
}
