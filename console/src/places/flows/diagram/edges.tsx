import { PlusOutlined } from '@ant-design/icons';
import type { EdgeProps } from '@xyflow/react';
import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, getStraightPath } from '@xyflow/react';
import { Button, Tooltip } from 'antd';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';

import type { ElseEdge, InsertEdge } from './drawn';

const placedAt = (x: number, y: number): CSSProperties => ({ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` });

/** From one stage to the next, with a button that puts another between. */
function Insert({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<InsertEdge>) {
  const { t } = useTranslation();
  const [path, x, y] = getStraightPath({ sourceX, sourceY, targetX, targetY });
  if (!data) return null;
  const { index, latest } = data;
  const next = latest.current.steps[index]?.binding.stage_obj?.name;
  const name = next ? t('flows.addBefore', { name: next }) : t('flows.addAtEnd');
  return (
    <>
      <BaseEdge path={path} />
      <EdgeLabelRenderer>
        <div className="flow-edge-label nodrag nopan" style={placedAt(x, y)}>
          <Tooltip title={t('flows.addHere')}>
            <Button size="small" shape="circle" icon={<PlusOutlined />} aria-label={name} onClick={() => latest.current.onInsert(index)} />
          </Tooltip>
        </div>
      </EdgeLabelRenderer>
    </>
  );
}

/** Round a stage, for whom its policies do not let there. */
function Otherwise({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, data }: EdgeProps<ElseEdge>) {
  const { t } = useTranslation();
  const [path, x, y] = getSmoothStepPath({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, offset: data?.outer ? 58 : 32, borderRadius: 12 });
  return (
    <>
      <BaseEdge path={path} />
      <EdgeLabelRenderer><div className="flow-edge-label flow-edge-words" style={placedAt(x, y)}>{t('flows.otherwise')}</div></EdgeLabelRenderer>
    </>
  );
}

export const edgeTypes = { insert: Insert, otherwise: Otherwise };
