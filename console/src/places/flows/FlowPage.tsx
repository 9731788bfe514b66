// One flow: its stages, who may run it, its settings, where it is used and how it went.

import { PlayCircleOutlined } from '@ant-design/icons';
import { Button, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useObject } from '../../api/query';
import { SchemaForm, useForm } from '../../form';
import { Loading, Page, Problem, useAddress, useDestroy, useGo, useParam, useSay } from '../../shell';
import type { Flow } from './data';
import { useFlow } from './data';
import { Guards } from './flow/Guards';
import { Preview } from './flow/Preview';
import { Runs } from './flow/Runs';
import { StagesTab } from './flow/StagesTab';
import { UsedByTab } from './flow/UsedByTab';
import './flow/flow.css';

export default function FlowPage() {
  const { t } = useTranslation();
  const slug = useParam('slug');
  const { data: flow, error, refetch } = useFlow(slug);
  const [address, setAddress] = useAddress();
  const [previewing, setPreviewing] = useState(false);
  const destroy = useDestroy();
  const go = useGo();
  const back = { to: 'flows', label: t('menu.flows') };
  if (!flow) return <Page title={slug} back={back}>{error ? <Problem error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  const actions = (
    <>
      <Button icon={<PlayCircleOutlined />} onClick={() => setPreviewing(true)}>{t('flows.preview')}</Button>
      <Button
        danger
        onClick={() => destroy({
          noun: t('flows.noun'), consequence: t('flows.deleteText'), objects: [{ path: `flows/instances/${slug}`, name: flow.name }], onDone: () => go('flows', { replace: true }),
        })}
      >
        {t('flows.delete')}
      </Button>
    </>
  );
  const subtitle = <><Tag>{t(`flows.designations.${flow.designation}`)}</Tag> {t(`flows.designationText.${flow.designation}`)}</>;
  return (
    <Page title={flow.name} subtitle={subtitle} back={back} actions={actions}>
      <Tabs
        activeKey={address.tab ?? 'stages'}
        onChange={(tab) => setAddress({ tab: tab === 'stages' ? undefined : tab })}
        // What was typed into the settings stands there when one comes back.
        items={[
          { key: 'stages', label: t('menu.stages'), destroyOnHidden: true, children: <StagesTab flow={flow} /> },
          {
            key: 'policies', label: t('menu.policies'), destroyOnHidden: true,
            children: <Guards target={flow} mode={flow.policy_engine_mode} label={t('flows.guardsOfFlow', { name: flow.name })} none={t('flows.guardsOfFlowNone')} />,
          },
          { key: 'settings', label: t('menu.settings'), children: <Settings slug={slug} /> },
          { key: 'used', label: t('flows.usedBy'), destroyOnHidden: true, children: <UsedByTab flow={flow} /> },
          { key: 'runs', label: t('flows.runs'), destroyOnHidden: true, children: <Runs flow={flow} /> },
        ]}
      />
      {previewing && <Preview flow={flow} onClose={() => setPreviewing(false)} />}
    </Page>
  );
}

function Settings({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const say = useSay();
  const go = useGo();
  const form = useForm('authentik_flows.flow');
  const { data, error, refetch } = useObject<Flow & Record<string, unknown>>(`flows/instances/${encodeURIComponent(slug)}`);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!form || !data) return <Loading />;
  return (
    <div className="page-narrow">
      <SchemaForm
        form={form}
        object={data}
        onSaved={(row) => {
          say.done(t('flows.saved'));
          if (row.slug !== slug) go(`flows/${String(row.slug)}?tab=settings`, { replace: true });
        }}
      />
    </div>
  );
}
