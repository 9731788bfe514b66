// The stages of a flow: a diagram or a list, and what is done in either.

import { PlusOutlined } from '@ant-design/icons';
import { useRouter } from '@tanstack/react-router';
import { Button, Flex, Grid, Segmented, Typography } from 'antd';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Empty, Loading, Problem, useAddress, useDestroy } from '../../../shell';
import type { Binding, Flow } from '../data';
import { useBindings, useGraph, useGuards } from '../data';
import { AddStage } from './AddStage';
import { StageDrawer } from './StageDrawer';
import { StageList } from './StageList';
import type { Part, Step } from './step';
import { useSequence } from './useSequence';

const FlowDiagram = lazy(() => import('../diagram/FlowDiagram'));

/** What both faces of a flow are given. */
export interface StepsProps {
  steps: Step[];
  busy: boolean;
  onMove: (from: number, to: number) => void;
  onInsert: (index: number) => void;
  onOpen: (binding: Binding, part: Part) => void;
  onRemove: (binding: Binding) => void;
}

const parts: readonly string[] = ['stage', 'place', 'policies'] satisfies Part[];

/** The stage that is open stands in the address: "back" closes it, and it can be reloaded and shared. */
function useOpened(bindings: Binding[]) {
  const [{ stage, part = '' }, setAddress] = useAddress();
  const { history } = useRouter();
  const here = useRef(false);
  const open = ({ pk }: Binding, first: Part) => {
    here.current = true;
    setAddress({ stage: pk, part: first === 'stage' ? undefined : first });
  };
  // Closing takes back the step that opening was, so that the next "back" leaves the page.
  const close = () => {
    if (here.current) history.back({ ignoreBlocker: true });
    else setAddress({ stage: undefined, part: undefined }, { replace: true, sure: true });
    here.current = false;
  };
  return { opened: stage ? bindings.find(({ pk }) => pk === stage) : undefined, part: parts.includes(part) ? part as Part : 'stage', open, close };
}

export function StagesTab({ flow }: { flow: Flow }) {
  const { t } = useTranslation();
  const [address, setAddress] = useAddress();
  const wide = Grid.useBreakpoint().md ?? true;
  const view = address.view ?? (wide ? 'diagram' : 'list');
  const { data, error, refetch } = useBindings(flow.pk);
  const { bindings, busy, move, insert } = useSequence(flow.pk, data?.results ?? []);
  const guards = useGuards(data ? [flow, ...data.results] : []);
  const { data: drawn } = useGraph(flow.slug);
  const [adding, setAdding] = useState<number | null>(null);
  const { opened, part, open, close } = useOpened(bindings);
  const destroy = useDestroy();
  const { of } = guards;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- of is made anew at each drawing, of guards.data
  const steps = useMemo(() => bindings.map((binding) => ({ binding, guards: of(binding) })), [bindings, guards.data]);
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const before = useMemo(() => of(flow), [flow, guards.data]);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;

  const props: StepsProps = {
    steps, busy, onMove: move, onInsert: setAdding,
    onOpen: open,
    onRemove: ({ pk, stage_obj }) => destroy({
      noun: t('flows.binding'), objects: [{ path: `flows/bindings/${pk}`, name: stage_obj?.name ?? pk }], consequence: t('flows.removeText'),
    }),
  };
  return (
    <div className="flow-stages">
      <Flex wrap gap="small" justify="space-between" align="center">
        <Typography.Text type="secondary">{t(view === 'list' ? 'flows.listHint' : 'flows.diagramHint')}</Typography.Text>
        <Flex gap="small">
          <Segmented
            aria-label={t('flows.view')}
            value={view}
            options={[{ value: 'diagram', label: t('flows.diagram') }, { value: 'list', label: t('flows.list') }]}
            onChange={(next) => setAddress({ view: next }, { replace: true })}
          />
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(bindings.length)}>{t('flows.add')}</Button>
        </Flex>
      </Flex>
      {steps.length === 0 && view === 'list' ? (
        <Empty title={t('flows.noStages')} text={t('flows.noStagesText')} />
      ) : view === 'list' ? <StageList {...props} /> : (
        <Suspense fallback={<Loading />}><FlowDiagram {...props} flow={flow} before={before} graph={drawn?.graph} /></Suspense>
      )}
      {adding !== null && <AddStage flow={flow} bindings={bindings} index={adding} onAdd={(stage, index) => insert(stage, index)} onClose={() => setAdding(null)} />}
      {opened && <StageDrawer key={opened.pk} flow={flow} binding={opened} part={part} onClose={close} />}
    </div>
  );
}
