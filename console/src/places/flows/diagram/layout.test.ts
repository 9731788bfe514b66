import { describe, expect, it } from 'vitest';

import { branchesOf, indexAt, laidOut } from './layout';

const items = ['a', 'b', 'c'].map((id) => ({ id, gated: id === 'b' }));
const start = { id: 'start', gated: false };

describe('the drawing of a flow', () => {
  it('puts the stages one below the other, in order, and none over another', () => {
    const { boxes } = laidOut(start, items, 'end', [], false);
    const column = ['start', 'a', 'b', 'c', 'end'].map((id) => boxes.get(id)!);
    for (let i = 1; i < column.length; i++) expect(column[i]!.y).toBeGreaterThan(column[i - 1]!.y + column[i - 1]!.height);
  });

  it('puts branches beside, and none over another', () => {
    const branch = (id: string, from: string) => ({ id, from, type: 'flow', name: id, label: '', further: [] });
    const { boxes, width } = laidOut(start, items, 'end', [branch('x', 'a'), branch('y', 'a'), branch('z', 'a'), branch('w', 'b')], true);
    const beside = ['refused', 'x', 'y', 'z', 'w'].map((id) => boxes.get(id)!);
    for (let i = 1; i < beside.length; i++) expect(beside[i]!.y).toBeGreaterThan(beside[i - 1]!.y + beside[i - 1]!.height);
    expect(width).toBe(beside[0]!.x + beside[0]!.width);
  });

  it('knows which place something is dragged to', () => {
    const layout = laidOut(start, items, 'end', [], false);
    const y = (id: string) => layout.boxes.get(id)!.y;
    expect(indexAt(layout, items, 'a', y('a'))).toBe(0);
    expect(indexAt(layout, items, 'a', y('b') + 30)).toBe(1);
    expect(indexAt(layout, items, 'a', y('c') + 30)).toBe(2);
    expect(indexAt(layout, items, 'c', -500)).toBe(0);
  });
});

describe('the branches of a graph', () => {
  it('are what the stages of the flow lead to, with what a source leads to', () => {
    const graph = {
      nodes: [
        { id: 'flow_1', type: 'flow', name: 'Login' }, { id: 'stage_1', type: 'stage', name: 'Who', binding: 'b1' }, { id: 'policies_b1', type: 'policies', name: 'P' },
        { id: 'source_1', type: 'source', name: 'WeChat', slug: 'wechat' }, { id: 'flow_2', type: 'flow', name: 'Enroll', slug: 'enroll' }, { id: 'end', type: 'end', name: 'end' },
      ],
      edges: [
        { from: 'flow_1', to: 'stage_1', type: 'next' }, { from: 'policies_b1', to: 'stage_1', type: 'branch', label: 'never evaluated' },
        { from: 'stage_1', to: 'source_1', type: 'branch', label: 'sources' }, { from: 'source_1', to: 'flow_2', type: 'branch', label: 'enrollment_flow' },
        { from: 'stage_1', to: 'end', type: 'next' },
      ],
    };
    expect(branchesOf(graph)).toEqual([{
      id: 'b1 source_1 sources', from: 'b1', type: 'source', name: 'WeChat', slug: 'wechat', label: 'sources', further: [{ label: 'enrollment_flow', name: 'Enroll', slug: 'enroll' }],
    }]);
    expect(branchesOf(undefined)).toEqual([]);
  });
});
