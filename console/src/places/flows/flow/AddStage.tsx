// Putting a stage into a flow: a new one of some kind, or one that is there already.

import { Button, Drawer, Flex, Form, Input, Segmented, Select, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useList } from '../../../api/query';
import { KindChooser, useFormDrawer } from '../../../form';
import { Empty, Loading, Problem } from '../../../shell';
import type { Binding, Flow, Stage } from '../data';
import { useKindName } from './step';
import { clear } from '../../../shell/Clear';

interface AddStageProps {
  flow: Flow;
  bindings: Binding[];
  /** The place it is meant for at first. */
  index: number;
  onAdd: (stage: { pk: string; name: string }, index: number) => Promise<void>;
  onClose: () => void;
}

export function AddStage({ flow, bindings, index, onAdd, onClose }: AddStageProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(index);
  const [way, setWay] = useState<'new' | 'existing'>('new');
  const { open, element } = useFormDrawer();
  const add = (stage: { pk: string; name: string }) => void onAdd(stage, at).then(onClose);
  const places = [
    { value: 0, label: t('flows.placeFirst') },
    ...bindings.map(({ stage_obj }, i) => ({ value: i + 1, label: t('flows.placeAfter', { name: stage_obj?.name ?? t('flows.stageGone') }) })),
  ];
  return (
    <Drawer open size={720} onClose={onClose} title={t('flows.addTo', { flow: flow.name })}>
      <Form layout="vertical" component="div">
        <Form.Item label={t('flows.place')} htmlFor="flow-add-place">
          <Select id="flow-add-place" value={at} options={places} onChange={setAt} />
        </Form.Item>
      </Form>
      <Segmented
        block
        aria-label={t('flows.way')}
        className="flow-way"
        value={way}
        options={[{ value: 'new', label: t('flows.wayNew') }, { value: 'existing', label: t('flows.wayExisting') }]}
        onChange={setWay}
      />
      {way === 'new' ? (
        <KindChooser sort="stage" onChoose={(form) => open({ form, onSaved: (row) => add({ pk: String(row.pk), name: String(row.name) }) })} />
      ) : <Existing flow={flow} onChoose={add} />}
      {element}
    </Drawer>
  );
}

/** Stages that are there already. Those of this flow can stand in it once more. */
function Existing({ flow, onChoose }: { flow: Flow; onChoose: (stage: Stage) => void }) {
  const { t } = useTranslation();
  const kindName = useKindName();
  const [search, setSearch] = useState('');
  const { data, error, refetch } = useList<Stage>('stages/all', {}, true, { search, page_size: 50 });
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  return (
    <div className="flow-existing">
      <Input type="search" allowClear={clear} value={search} placeholder={t('flows.findStage')} aria-label={t('flows.findStage')} onChange={(e) => setSearch(e.target.value)} />
      {!data ? <Loading /> : data.results.length === 0 ? <Empty title={t('flows.noSuchStage')} /> : (
        <ul aria-label={t('menu.stages')}>
          {data.results.map((stage) => (
            <li key={stage.pk}>
              <Flex vertical className="flow-existing-text">
                <Typography.Text strong>{stage.name}</Typography.Text>
                <Typography.Text type="secondary">
                  {kindName(stage)} · {stage.flow_set.length === 0 ? t('stages.inNoFlow') : stage.flow_set.map(({ pk, slug }) => (pk === flow.pk ? t('flows.thisFlow') : slug)).join(', ')}
                </Typography.Text>
              </Flex>
              <Button aria-label={t('flows.addNamed', { name: stage.name })} onClick={() => onChoose(stage)}>{t('flows.addThis')}</Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
