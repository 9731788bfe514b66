// Running a flow to see what people see, with what the server knows of the run beside it.

import { ExportOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Drawer, Flex, Tag, Timeline, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { useGet } from '../../../api/query';
import { CopyField, Loading, Problem } from '../../../shell';
import type { Flow } from '../data';

interface Mark {
  at?: number;
  flow?: string;
  stage?: string;
  did?: string;
  rule?: string;
  detail?: string;
}

interface Inspection {
  is_completed: boolean;
  current_plan?: { current_stage?: Mark; left: Mark[]; plan_context: string[]; session_id: string; trace: { marks?: Mark[] } };
}

/** How often the run is looked at, in milliseconds. */
const pace = 1500;

export function Preview({ flow, onClose }: { flow: Flow; onClose: () => void }) {
  const { t } = useTranslation();
  const [started, setStarted] = useState(false);
  const { data, error, refetch } = useGet<{ link: string }>(`flows/instances/${encodeURIComponent(flow.slug)}/execute`);
  const begin = () => {
    if (!data) return;
    window.open(data.link, '_blank', 'noopener');
    setStarted(true);
  };
  return (
    <Drawer open size={560} onClose={onClose} mask={false} title={t('flows.previewOf', { name: flow.name })}>
      <Flex vertical gap="middle">
        <Alert type="warning" showIcon title={t('flows.previewReal')} description={t(`flows.previewText.${effect[flow.designation] ?? 'other'}`)} />
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : !data ? <Loading /> : (
          <>
            <Button type="primary" icon={<ExportOutlined />} onClick={begin}>{t(started ? 'flows.previewAgain' : 'flows.previewBegin')}</Button>
            <div>
              <Typography.Paragraph type="secondary">{t('flows.previewPrivate')}</Typography.Paragraph>
              <CopyField value={data.link} label={t('flows.address')} />
            </div>
          </>
        )}
        {started && <Inspector slug={flow.slug} />}
      </Flex>
    </Drawer>
  );
}

/** What a run to its end does in this browser, by what the flow is for. */
const effect: Record<string, string> = {
  authentication: 'signsIn', enrollment: 'enrolls', recovery: 'signsIn', invalidation: 'signsOut', unenrollment: 'deletes', stage_configuration: 'changes',
};

/** Where this browser's run of the flow stands. */
function Inspector({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['flows', 'inspector', slug],
    queryFn: ({ signal }) => call<Inspection>('GET', `flows/inspector/${encodeURIComponent(slug)}`, { signal }).then(({ data }) => data),
    refetchInterval: pace,
    retry: false,
  });
  if (error && !data) return <Problem error={error} />;
  if (!data) return <Loading />;
  const plan = data.current_plan;
  return (
    <section aria-label={t('flows.inspector')} aria-live="polite">
      <Typography.Title level={2} className="flow-inspector-title">{t('flows.inspector')}</Typography.Title>
      {!plan ? <Typography.Text type="secondary">{t('flows.inspectorOver')}</Typography.Text> : (
        <Flex vertical gap="middle">
          <Marks marks={plan.trace.marks ?? []} left={plan.left} />
          <div>
            <Typography.Text strong>{t('flows.context')}</Typography.Text>
            <Flex wrap gap={4}>{plan.plan_context.length === 0 ? t('flows.contextNothing') : plan.plan_context.map((name) => <Tag key={name} className="code">{name}</Tag>)}</Flex>
          </div>
          <Typography.Text type="secondary">{t('shell.supportCode')} <span className="code">{plan.session_id}</span></Typography.Text>
        </Flex>
      )}
    </section>
  );
}

const knownDeeds = ['asked', 'answered', 'done', 'skipped', 'inserted', 'switched', 'left', 'returned', 'restarted', 'refused', 'failed', 'redirected', 'taken up', 'called', 'mapped'];

/** What was done so far, where the run waits, and what is still to come. */
function Marks({ marks, left }: { marks: Mark[]; left: Mark[] }) {
  const { t } = useTranslation();
  const did = (name: string) => (knownDeeds.includes(name) ? t(`flows.did.${name.replaceAll(' ', '_')}`) : name);
  return (
    <Timeline
      items={[
        ...marks.map(({ stage, flow, did: deed = '', rule, detail }) => ({ color: 'gray', content: <>{did(deed)}{' '}<strong>{stage ?? flow}</strong> {rule ?? detail}</> })),
        ...left.map(({ stage }, i) => ({ color: i === 0 ? 'green' : 'blue', content: <>{t(i === 0 ? 'flows.here' : 'flows.toCome')}{' '}<strong>{stage}</strong></> })),
      ]}
    />
  );
}
