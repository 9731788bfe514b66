// Where things stand in the drawing of a flow: the stages one below the other, what they lead to besides at their side.

import type { Graph } from '../data';

export const width = 400;
const head = 68;
const card = 76;
const gate = 38;
const foot = 48;
const gap = 56;
const side = 96;
const branchWidth = 260;
const branchHeight = 58;
const branchLine = 24;
const branchGap = 10;

/** Something in the flow's column. */
export interface Item {
  id: string;
  /** Whether something before it decides who meets it. */
  gated: boolean;
}

/** Where a stage may lead besides: another flow, a source with its flows, a stage whose settings it uses. */
export interface Branch {
  id: string;
  /** The item that leads there. */
  from: string;
  type: string;
  name: string;
  slug?: string;
  /** The setting that it comes of. */
  label: string;
  /** Where it leads on. */
  further: { label: string; name: string; slug: string }[];
}

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  boxes: Map<string, Box>;
  width: number;
  height: number;
}

/** The branches of a graph by the item that they come of: the bindings' pks. */
export function branchesOf(graph: Graph | undefined): Branch[] {
  if (!graph) return [];
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const out: Branch[] = [];
  for (const { from, to, type, label = '' } of graph.edges) {
    const [start, end] = [nodes.get(from), nodes.get(to)];
    if (type !== 'branch' || !start?.binding || !end || end.type === 'policies' || end.binding) continue;
    const further = graph.edges.flatMap((edge) => {
      const next = nodes.get(edge.to);
      return edge.from === to && edge.type === 'branch' && end.type === 'source' && next ? [{ label: edge.label ?? '', name: next.name, slug: next.slug ?? '' }] : [];
    });
    further.sort((a, b) => a.label.localeCompare(b.label));
    out.push({ id: `${start.binding} ${to} ${label}`, from: start.binding, type: end.type, name: end.name, label, further, ...(end.slug && { slug: end.slug }) });
  }
  return out;
}

/** Places the start, the items, the end, and the branches of each item at its side. */
export function laidOut(start: Item, items: readonly Item[], end: string, branches: readonly Branch[], refused: boolean): Layout {
  const boxes = new Map<string, Box>();
  const x = width + side;
  let y = 0;
  let free = 0; // from here on there is room for branches
  const put = (id: string, height: number) => {
    boxes.set(id, { id, x: 0, y, width, height });
    y += height + gap;
  };
  put(start.id, head + (start.gated ? gate : 0));
  if (refused) {
    boxes.set('refused', { id: 'refused', x, y: 0, width: branchWidth, height: branchHeight });
    free = branchHeight + branchGap;
  }
  for (const { id, gated } of items) {
    const top = y;
    put(id, card + (gated ? gate : 0));
    free = Math.max(free, top);
    for (const branch of branches.filter(({ from }) => from === id)) {
      const height = branchHeight + branchLine * branch.further.length;
      boxes.set(branch.id, { id: branch.id, x, y: free, width: branchWidth, height });
      free += height + branchGap;
    }
  }
  put(end, foot);
  const all = [...boxes.values()];
  return {
    boxes,
    width: Math.max(...all.map((box) => box.x + box.width)),
    height: Math.max(...all.map((box) => box.y + box.height)),
  };
}

/** The index that something dragged to a height would get: behind all others whose middle is above its own. */
export function indexAt(layout: Layout, items: readonly Item[], dragged: string, y: number): number {
  const own = layout.boxes.get(dragged);
  const middle = y + (own?.height ?? card) / 2;
  return items.filter(({ id }) => {
    const box = layout.boxes.get(id);
    return id !== dragged && box !== undefined && box.y + box.height / 2 < middle;
  }).length;
}
