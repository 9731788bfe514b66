import { ArrowDownOutlined, ArrowUpOutlined, CheckCircleOutlined, HolderOutlined, LoginOutlined, StopOutlined } from '@ant-design/icons';
import type { NodeProps } from '@xyflow/react';
import { Handle, Position } from '@xyflow/react';
import { Button, Flex, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { Go } from '../../../shell';
import { Gate, StepMenu, useGateText, useKindName } from '../flow/step';
import type { BranchNode, EndNode, RefusedNode, StartNode, StepNode } from './drawn';

function In() {
  return <Handle id="in" type="target" position={Position.Top} isConnectable={false} />;
}

function Out() {
  return <Handle id="out" type="source" position={Position.Bottom} isConnectable={false} />;
}

function Start({ data: { flow, before } }: NodeProps<StartNode>) {
  const { t } = useTranslation();
  const gate = useGateText()(before, flow.policy_engine_mode, true);
  return (
    <div className="flow-node flow-node-start">
      {gate && <Go to={`flows/${flow.slug}?tab=policies`} className="flow-gate nodrag">{gate}</Go>}
      <Flex gap="small" align="center" className="flow-card-body">
        <LoginOutlined aria-hidden />
        <div className="flow-card-text">
          <strong className="flow-clip">{t('flows.start')}</strong>
          <Typography.Text type="secondary" className="flow-clip">{t(`flows.authentication.${flow.authentication}`)}</Typography.Text>
        </div>
      </Flex>
      <Handle id="side" type="source" position={Position.Right} isConnectable={false} className="flow-handle-high" />
      <Out />
    </div>
  );
}

function Stage({ data: { step, index, count, latest } }: NodeProps<StepNode>) {
  const { t } = useTranslation();
  const kindName = useKindName();
  const { binding } = step;
  const name = binding.stage_obj?.name ?? t('flows.stageGone');
  const { busy, onMove, onOpen, onRemove } = latest.current;
  return (
    <div className="flow-node flow-card">
      <In />
      <Handle id="passed" type="target" position={Position.Left} isConnectable={false} className="flow-handle-low" />
      <Gate step={step} onOpen={() => onOpen(binding, 'policies')} />
      {step.guards.length > 0 && <Handle id="else" type="source" position={Position.Left} isConnectable={false} className="flow-handle-high" />}
      <Flex gap="small" align="center" className="flow-card-body">
        <HolderOutlined aria-hidden className="flow-holder" />
        <div className="flow-card-text">
          <Button type="link" className="flow-card-name nodrag" title={name} onClick={() => onOpen(binding, 'stage')}>{name}</Button>
          <Flex gap={6} align="center">
            <Typography.Text type="secondary" className="flow-clip">{kindName(binding.stage_obj)}</Typography.Text>
            {binding.invalid_response_action !== 'retry' && <Tag>{t(`flows.invalid.${binding.invalid_response_action}`)}</Tag>}
          </Flex>
        </div>
        <div className="flow-card-moves nodrag">
          <Button
            type="text" size="small" icon={<ArrowUpOutlined />} disabled={index === 0 || busy} aria-label={t('flows.upNamed', { name })}
            onClick={() => onMove(index, index - 1)}
          />
          <Button
            type="text" size="small" icon={<ArrowDownOutlined />} disabled={index === count - 1 || busy} aria-label={t('flows.downNamed', { name })}
            onClick={() => onMove(index, index + 1)}
          />
        </div>
        <StepMenu binding={binding} name={name} onOpen={onOpen} onRemove={onRemove} />
      </Flex>
      <Handle id="side" type="source" position={Position.Right} isConnectable={false} className="flow-handle-low" />
      <Out />
    </div>
  );
}

function End({ data: { flow } }: NodeProps<EndNode>) {
  const { t } = useTranslation();
  return (
    <div className="flow-node flow-node-end">
      <In />
      <Handle id="passed" type="target" position={Position.Left} isConnectable={false} />
      <Flex gap="small" align="center" className="flow-card-body"><CheckCircleOutlined aria-hidden /> <span className="flow-clip">{t(`flows.end.${flow.designation}`)}</span></Flex>
    </div>
  );
}

function Refused({ data: { flow } }: NodeProps<RefusedNode>) {
  const { t } = useTranslation();
  const { denied_action } = flow;
  return (
    <div className="flow-node flow-branch">
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Typography.Text type="secondary" className="flow-clip"><StopOutlined aria-hidden /> {t('flows.otherwise')}</Typography.Text>
      <span className="flow-clip" title={t(`flows.denied.${denied_action}`)}>{t(`flows.denied.${denied_action}`)}</span>
    </div>
  );
}

/** The settings that lead elsewhere, as they are named in the texts. */
const knownSettings = [
  'sources', 'source', 'enrollment_flow', 'recovery_flow', 'passwordless_flow', 'configure_flow', 'password_stage', 'captcha_stage', 'webauthn_stage', 'configuration_stages',
  'authentication_flow', 'there and back',
];

function useSetting() {
  const { t } = useTranslation();
  return (name: string) => (knownSettings.includes(name) ? t(`flows.branch.${name.replaceAll(' ', '_')}`) : name);
}

function Elsewhere({ data: { branch } }: NodeProps<BranchNode>) {
  const setting = useSetting();
  const name = branch.type === 'flow' ? <Go to={`flows/${branch.slug}`} className="flow-clip">{branch.name}</Go>
    : branch.type === 'source' ? <Go to={`sources/${branch.slug}`} className="flow-clip">{branch.name}</Go>
      : <span className="flow-clip" title={branch.name}>{branch.name}</span>;
  return (
    <div className="flow-node flow-branch nodrag">
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Typography.Text type="secondary" className="flow-clip">{setting(branch.label)}</Typography.Text>
      {name}
      {branch.further.map(({ label, name, slug }) => (
        <span key={label} className="flow-clip flow-branch-further"><Typography.Text type="secondary">{setting(label)}</Typography.Text> <Go to={`flows/${slug}`}>{name}</Go></span>
      ))}
    </div>
  );
}

export const nodeTypes = { start: Start, step: Stage, end: End, refused: Refused, branch: Elsewhere };
