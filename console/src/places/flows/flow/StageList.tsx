// A flow as a list: everything that the diagram can, without a pointer, in words.

import { ArrowDownOutlined, ArrowUpOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Tag, Tooltip, Typography } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { StepsProps } from './StagesTab';
import { Gate, StepMenu, useKindName } from './step';

export function StageList({ steps, busy, onMove, onInsert, onOpen, onRemove }: StepsProps) {
  const { t } = useTranslation();
  const kindName = useKindName();
  const refocus = useRefocus(steps.map(({ binding }) => binding.pk).join());
  const move = (from: number, to: number, button: string) => {
    refocus(button);
    onMove(from, to);
  };
  return (
    <ol className="flow-list" aria-label={t('flows.stagesInOrder')}>
      {steps.map((step, i) => {
        const { binding } = step;
        const name = binding.stage_obj?.name ?? t('flows.stageGone');
        return (
          <li key={binding.pk} className="flow-list-item">
            <Insert index={i} name={name} onInsert={onInsert} />
            <div className="flow-card">
              <Gate step={step} onOpen={() => onOpen(binding, 'policies')} />
              <Flex gap="small" align="center" className="flow-card-body">
                <span className="flow-number" aria-hidden>{i + 1}</span>
                <div className="flow-card-text">
                  <Button type="link" className="flow-card-name" onClick={() => onOpen(binding, 'stage')}>{name}</Button>
                  <Typography.Text type="secondary">{kindName(binding.stage_obj)}</Typography.Text>
                </div>
                {binding.invalid_response_action !== 'retry' && <Tag className="flow-card-tag">{t(`flows.invalid.${binding.invalid_response_action}`)}</Tag>}
                <Tooltip title={t('flows.up')}>
                  <Button
                    id={`up-${binding.pk}`} type="text" icon={<ArrowUpOutlined />} disabled={i === 0 || busy} aria-label={t('flows.upNamed', { name })}
                    onClick={() => move(i, i - 1, `up-${binding.pk}`)}
                  />
                </Tooltip>
                <Tooltip title={t('flows.down')}>
                  <Button
                    id={`down-${binding.pk}`} type="text" icon={<ArrowDownOutlined />} disabled={i === steps.length - 1 || busy} aria-label={t('flows.downNamed', { name })}
                    onClick={() => move(i, i + 1, `down-${binding.pk}`)}
                  />
                </Tooltip>
                <StepMenu binding={binding} name={name} onOpen={onOpen} onRemove={onRemove} />
              </Flex>
            </div>
          </li>
        );
      })}
      <li className="flow-list-item"><Button icon={<PlusOutlined />} onClick={() => onInsert(steps.length)}>{t('flows.addAtEnd')}</Button></li>
    </ol>
  );
}

function Insert({ index, name, onInsert }: { index: number; name: string; onInsert: (index: number) => void }) {
  const { t } = useTranslation();
  return (
    <div className="flow-insert">
      <Tooltip title={t('flows.addHere')}>
        <Button size="small" shape="circle" icon={<PlusOutlined />} aria-label={t('flows.addBefore', { name })} onClick={() => onInsert(index)} />
      </Tooltip>
    </div>
  );
}

/** Brings the focus back to the button that moved its own stage: the browser loses it when the stage is put elsewhere. */
function useRefocus(sequence: string): (button: string) => void {
  const wanted = useRef('');
  useEffect(() => {
    if (wanted.current) document.getElementById(wanted.current)?.focus();
  }, [sequence]);
  return (button) => { wanted.current = button; };
}
