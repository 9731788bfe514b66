// The nodes and edges of a flow's drawing.

import type { Edge, Node } from '@xyflow/react';
import type { RefObject } from 'react';

import type { Flow, Guard } from '../data';
import type { StepsProps } from '../flow/StagesTab';
import { isAsked, type Step } from '../flow/step';
import type { Branch, Layout } from './layout';

export const startId = 'start';
export const endId = 'end';

/** What the nodes call back; it is looked up when they do, so that a drawing stays as it is when only a function changed. */
export type Latest = RefObject<StepsProps>;

export type StartNode = Node<{ flow: Flow; before: Guard[] }, 'start'>;
export type StepNode = Node<{ step: Step; index: number; count: number; latest: Latest }, 'step'>;
export type EndNode = Node<{ flow: Flow }, 'end'>;
export type BranchNode = Node<{ branch: Branch }, 'branch'>;
export type RefusedNode = Node<{ flow: Flow }, 'refused'>;
/** Ways round neighbouring stages run beside one another. */
export type ElseEdge = Edge<{ outer: boolean }, 'otherwise'>;
export type InsertEdge = Edge<{ index: number; latest: Latest }, 'insert'>;

interface Picture {
  flow: Flow;
  before: Guard[];
  steps: Step[];
  branches: Branch[];
  layout: Layout;
  latest: Latest;
}

export function drawn({ flow, before, steps, branches, layout, latest }: Picture): { nodes: Node[]; edges: Edge[] } {
  const place = (id: string) => {
    const { x, y, width, height } = layout.boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
    return { id, position: { x, y }, width, height, draggable: false };
  };
  const nodes: Node[] = [
    { ...place(startId), type: 'start', data: { flow, before } } satisfies StartNode,
    ...steps.map((step, index): StepNode => ({ ...place(step.binding.pk), type: 'step', draggable: true, data: { step, index, count: steps.length, latest } })),
    { ...place(endId), type: 'end', data: { flow } } satisfies EndNode,
    ...branches.map((branch): BranchNode => ({ ...place(branch.id), type: 'branch', data: { branch } })),
  ];
  const edges: Edge[] = [];
  if (layout.boxes.has('refused')) {
    nodes.push({ ...place('refused'), type: 'refused', data: { flow } } satisfies RefusedNode);
    edges.push({ ariaLabel: '→', id: 'refused', source: startId, sourceHandle: 'side', target: 'refused', className: 'flow-edge-else' });
  }
  const column = [startId, ...steps.map(({ binding }) => binding.pk), endId];
  for (let i = 1; i < column.length; i++) {
    const [source, target] = [column[i - 1]!, column[i]!];
    edges.push({ ariaLabel: '→', id: `next ${source}`, source, sourceHandle: 'out', target, targetHandle: 'in', type: 'insert', data: { index: i - 1, latest } } satisfies InsertEdge);
  }
  steps.forEach(({ binding, guards }, i) => {
    if (guards.some(({ enabled }) => enabled) && isAsked(binding)) {
      edges.push({ ariaLabel: '→', id: `else ${binding.pk}`, source: binding.pk, sourceHandle: 'else', target: column[i + 2]!, targetHandle: 'passed', type: 'otherwise', className: 'flow-edge-else', data: { outer: i % 2 === 1 } } satisfies ElseEdge);
    }
  });
  for (const { id, from } of branches) edges.push({ ariaLabel: '→', id: `branch ${id}`, source: from, sourceHandle: 'side', target: id, className: 'flow-edge-branch' });
  return { nodes, edges };
}

/** A picture whose nodes keep the measures that they had. Without them React Flow takes all edges away until it has measured anew, which two drawings in quick succession keep it from. */
export function remeasured({ nodes, edges }: { nodes: Node[]; edges: Edge[] }, old: readonly Node[]): { nodes: Node[]; edges: Edge[] } {
  const measures = new Map(old.map(({ id, measured }) => [id, measured]));
  return { edges, nodes: nodes.map((node) => { const measured = measures.get(node.id); return measured ? { ...node, measured } : node; }) };
}
