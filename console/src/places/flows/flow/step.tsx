// A stage in its flow, as the list and the diagram both show it.

import { FilterOutlined, MoreOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Binding, Guard } from '../data';
import { nameOfGuard } from '../data';

export { useKindName } from '../../../form/forms';

/** A stage at its place with what stands before it. */
export interface Step {
  binding: Binding;
  guards: Guard[];
}

/** What of a stage in its flow is looked at. */
export type Part = 'stage' | 'place' | 'policies';

/** "Only if A or B": what decides whether somebody meets a stage; undefined where nothing does. */
export function useGateText(): (guards: Guard[], mode: string, asked: boolean) => string | undefined {
  const { t } = useTranslation();
  return (guards, mode, asked) => {
    const counted = guards.filter(({ enabled }) => enabled);
    if (guards.length === 0) return undefined;
    if (counted.length === 0) return t('flows.gate.off');
    const names = counted.map((guard) => (guard.negate ? t('flows.gate.not', { name: nameOfGuard(guard) }) : nameOfGuard(guard)));
    const list = names.join(mode === 'all' ? t('flows.gate.and') : t('flows.gate.or'));
    return asked ? t('flows.gate.only', { list }) : t('flows.gate.never', { list });
  };
}

/** Policies that are asked neither when the run begins nor when the stage's turn comes do nothing. */
export const isAsked = (binding: Binding) => binding.evaluate_on_plan || binding.re_evaluate_policies;

/** The head of a stage's card that says who meets it. */
export function Gate({ step: { binding, guards }, onOpen }: { step: Step; onOpen: () => void }) {
  const text = useGateText()(guards, binding.policy_engine_mode, isAsked(binding));
  if (!text) return null;
  return <button type="button" className={isAsked(binding) ? 'flow-gate nodrag' : 'flow-gate flow-gate-off nodrag'} title={text} onClick={onOpen}><FilterOutlined aria-hidden /> <span>{text}</span></button>;
}

interface StepMenuProps {
  binding: Binding;
  name: string;
  onOpen: (binding: Binding, part: Part) => void;
  onRemove: (binding: Binding) => void;
}

/** What can be done with a stage in its flow. */
export function StepMenu({ binding, name, onOpen, onRemove }: StepMenuProps) {
  const { t } = useTranslation();
  const items = [
    { key: 'stage', label: t('flows.part.stage'), onClick: () => onOpen(binding, 'stage') },
    { key: 'place', label: t('flows.part.place'), onClick: () => onOpen(binding, 'place') },
    { key: 'policies', label: t('flows.part.policies'), onClick: () => onOpen(binding, 'policies') },
    { type: 'divider' as const },
    { key: 'remove', label: t('flows.remove'), danger: true, onClick: () => onRemove(binding) },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button type="text" className="nodrag" icon={<MoreOutlined />} aria-label={t('flows.actionsOf', { name })} />
    </Dropdown>
  );
}
