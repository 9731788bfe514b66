// A flow as a drawing that can be edited: stages are dragged up and down, put in between, opened and taken away.

import '@xyflow/react/dist/style.css';
import './diagram.css';

import type { Edge, Node, NodeChange, OnNodeDrag, ReactFlowInstance } from '@xyflow/react';
import { applyNodeChanges, Controls, ReactFlow } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useLook } from '../../../theme';
import type { Flow, Graph, Guard } from '../data';
import { moved } from '../order';
import type { StepsProps } from '../flow/StagesTab';
import { edgeTypes } from './edges';
import { drawn, endId, remeasured, startId } from './drawn';
import type { Layout } from './layout';
import { branchesOf, indexAt, laidOut } from './layout';
import { nodeTypes } from './nodes';

interface FlowDiagramProps extends StepsProps {
  flow: Flow;
  /** What stands before the whole flow. */
  before: Guard[];
  /** Where the stages lead besides; undefined while that is not known. */
  graph: Graph | undefined;
}

/** Around the drawing, in pixels. */
const margin = 24;
/** What the ways round stages take up at the left. */
const lane = 76;
/** Smaller than this nobody reads it: then it is panned. */
const smallest = 0.6;

/** How a drawing is shown: it keeps its size in the middle where there is room for it, and shrinks with the page. */
function windowOn({ width }: Layout, room: number, ways: boolean): { x: number; zoom: number } {
  const left = ways ? lane : 0;
  const zoom = Math.min(1, Math.max(smallest, (room - 2 * margin) / (width + left)));
  return { zoom, x: Math.max(margin, (room - (width + left) * zoom) / 2) + left * zoom };
}

export default function FlowDiagram({ flow, before, graph, ...props }: FlowDiagramProps) {
  const { steps, busy, onMove } = props;
  const { dark } = useLook();
  const labels = useLabels();
  const place = useRef<HTMLDivElement>(null);
  const branches = useMemo(() => branchesOf(graph), [graph]);
  const items = useMemo(() => steps.map(({ binding, guards }) => ({ id: binding.pk, gated: guards.length > 0 })), [steps]);
  const start = useMemo(() => ({ id: startId, gated: before.length > 0 }), [before]);
  const layout = useMemo(() => laidOut(start, items, endId, branches, start.gated), [start, items, branches]);
  const latest = useRef(props);
  latest.current = props;
  const draw = useCallback((sequence: typeof steps) => {
    const at = laidOut(start, sequence.map(({ binding, guards }) => ({ id: binding.pk, gated: guards.length > 0 })), endId, branches, start.gated);
    return drawn({ flow, before, steps: sequence, branches, layout: at, latest });
  }, [flow, before, branches, start]);

  const [picture, setPicture] = useState<{ nodes: Node[]; edges: Edge[] }>({ nodes: [], edges: [] });
  useEffect(() => setPicture((old) => remeasured(draw(steps), old.nodes)), [draw, steps]);

  // Its beginning may come before or after the room is measured.
  const [view, setView] = useState<ReactFlowInstance | null>(null);
  const [room, setRoom] = useState(0);
  const shown = windowOn(layout, room, steps.some(({ guards }) => guards.length > 0));
  const show = useCallback(() => void view?.setViewport({ x: shown.x, y: margin, zoom: shown.zoom }), [view, shown.x, shown.zoom]);
  useEffect(() => {
    if (!place.current) return undefined;
    const watch = new ResizeObserver(([entry]) => setRoom(entry?.contentRect.width ?? 0));
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  useEffect(show, [show]);

  const change = (changes: NodeChange[]) => setPicture(({ nodes, edges }) => ({
    nodes: applyNodeChanges(changes.map((one) => (one.type === 'position' && one.position ? { ...one, position: { x: 0, y: one.position.y } } : one)), nodes), edges,
  }));
  const from = (id: string) => items.findIndex((item) => item.id === id);
  /** While a stage is on its way the others make room. */
  const drag: OnNodeDrag = (_, { id, position }) => {
    const next = draw(moved(steps, from(id), indexAt(layout, items, id, position.y)));
    setPicture(({ nodes }) => ({ edges: next.edges, nodes: remeasured(next, nodes).nodes.map((node) => (node.id === id ? nodes.find((old) => old.id === id) ?? node : node)) }));
  };
  const drop: OnNodeDrag = (_, { id, position }) => {
    const to = indexAt(layout, items, id, position.y);
    setPicture((old) => remeasured(draw(moved(steps, from(id), to)), old.nodes));
    if (to !== from(id)) onMove(from(id), to);
  };
  return (
    <div ref={place} className="flow-diagram" data-busy={busy || undefined}>
      <Sized height={layout.height * shown.zoom + 2 * margin}>
        <ReactFlow
          nodes={picture.nodes}
          edges={picture.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={dark ? 'dark' : 'light'}
          onInit={(instance) => setView(instance as unknown as ReactFlowInstance)}
          onNodesChange={change}
          onNodeDrag={drag}
          onNodeDragStop={drop}
          nodesDraggable={!busy}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          zoomOnScroll={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          minZoom={0.3}
          maxZoom={1.5}
          nodeDragThreshold={4}
          ariaLabelConfig={labels}
        >
          <Controls showInteractive={false} position="top-right" orientation="horizontal" />
        </ReactFlow>
      </Sized>
    </div>
  );
}

/** A box as high as the drawing. */
function Sized({ height, children }: { height: number; children: React.ReactNode }) {
  return <div className="flow-diagram-box" style={{ height }}>{children}</div>;
}

function useLabels() {
  const { t } = useTranslation();
  return useMemo(() => ({
    'controls.ariaLabel': t('flows.controls.label'), 'controls.zoomIn.ariaLabel': t('flows.controls.in'), 'controls.zoomOut.ariaLabel': t('flows.controls.out'),
    'controls.fitView.ariaLabel': t('flows.controls.fit'),
    'node.a11yDescription.default': t('flows.controls.stage'), 'node.a11yDescription.keyboardDisabled': t('flows.controls.stage'), 'edge.a11yDescription.default': t('flows.controls.way'),
  }), [t]);
}
