// A stage of a flow in a drawer: the stage itself, its place in the flow, and what stands before it.

import { Alert, Drawer, Tabs } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useObject } from '../../../api/query';
import { formFor, SchemaForm, useForm, useForms } from '../../../form';
import { useLeave } from '../../../form/FormDrawer';
import { Loading, Problem, useSay } from '../../../shell';
import type { Binding, Flow } from '../data';
import { Guards } from './Guards';
import { isAsked, type Part, useKindName } from './step';

interface StageDrawerProps {
  flow: Flow;
  binding: Binding;
  /** What is looked at first. */
  part: Part;
  onClose: () => void;
}

export function StageDrawer({ flow, binding, part, onClose }: StageDrawerProps) {
  const { t } = useTranslation();
  const kindName = useKindName();
  const [shown, setShown] = useState<Part>(part);
  const leave = useLeave(onClose);
  // Two forms stand here, and either may hold what is not saved.
  const dirty = useRef({ stage: false, place: false });
  const note = (form: 'stage' | 'place') => (now: boolean) => {
    dirty.current[form] = now;
    leave.note(dirty.current.stage || dirty.current.place);
  };
  const name = binding.stage_obj?.name ?? t('flows.stageGone');
  const ways = { onCancel: leave.ask, onSaved: () => (dirty.current.stage || dirty.current.place ? undefined : onClose()) };
  return (
    <Drawer open size={720} onClose={leave.ask} destroyOnHidden title={<>{name} <small className="flow-drawer-kind">{kindName(binding.stage_obj)}</small></>}>
      <Tabs
        activeKey={shown}
        onChange={(key) => setShown(key as Part)}
        items={[
          { key: 'stage', label: t('flows.part.stage'), children: <StageForm binding={binding} {...ways} onDirty={note('stage')} /> },
          { key: 'place', label: t('flows.part.place'), children: <PlaceForm flow={flow} binding={binding} {...ways} onDirty={note('place')} /> },
          { key: 'policies', label: t('flows.part.policies'), children: <Before binding={binding} name={name} /> },
        ]}
      />
    </Drawer>
  );
}

interface PartProps {
  binding: Binding;
  onSaved: () => void;
  onCancel: () => void;
  onDirty: (dirty: boolean) => void;
}

function StageForm({ binding, onSaved, ...ways }: PartProps) {
  const { t } = useTranslation();
  const say = useSay();
  const { data: forms, error: noForms, refetch: again } = useForms();
  const form = binding.stage_obj ? formFor(forms ?? [], { ...binding.stage_obj }) : undefined;
  const { data, error, refetch } = useObject(`${form?.path}/${binding.stage}`, form !== undefined);
  // What could not be read anew takes no form away that somebody is filling in.
  if (noForms && !forms) return <Problem error={noForms} onRetry={() => void again()} />;
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!form || !data) return <Loading />;
  const elsewhere = (binding.stage_obj?.flow_set ?? []).filter(({ pk }) => pk !== binding.target);
  return (
    <SchemaForm
      form={form}
      object={data}
      before={elsewhere.length > 0 && <Alert type="info" showIcon className="flow-note" title={t('flows.shared', { count: elsewhere.length, flows: elsewhere.map(({ slug }) => slug).join(', ') })} />}
      onSaved={() => {
        say.done(t('flows.stageSaved'));
        onSaved();
      }}
      {...ways}
    />
  );
}

const placeFields = ['order', 'evaluate_on_plan', 're_evaluate_policies', 'policy_engine_mode', 'invalid_response_action'];

function PlaceForm({ flow, binding, onSaved, ...ways }: PartProps & { flow: Flow }) {
  const { t } = useTranslation();
  const say = useSay();
  const form = useForm('authentik_flows.flowstagebinding');
  const { data, error, refetch } = useObject(`flows/bindings/${binding.pk}`);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!form || !data) return <Loading />;
  return (
    <SchemaForm
      form={form}
      object={data}
      only={placeFields}
      before={<Alert type="info" showIcon className="flow-note" title={t('flows.placeHint', { flow: flow.name })} />}
      onSaved={() => {
        say.done(t('flows.placeSaved'));
        onSaved();
      }}
      {...ways}
    />
  );
}

function Before({ binding, name }: { binding: Binding; name: string }) {
  const { t } = useTranslation();
  return (
    <>
      {!isAsked(binding) && <Alert type="warning" showIcon className="flow-note" title={t('flows.neverAsked')} />}
      <Guards target={binding} label={t('flows.guardsOf', { name })} mode={binding.policy_engine_mode} none={t('flows.guardsNone')} />
    </>
  );
}
