import { expect, it } from 'vitest';

import { remeasured } from './drawn';

it('a node that is drawn anew keeps its measures, at its new place', () => {
  const measured = { width: 10, height: 20 };
  const node = (id: string, y: number) => ({ id, position: { x: 0, y }, data: {} });
  const { nodes } = remeasured({ nodes: [node('a', 50), node('new', 0)], edges: [] }, [{ ...node('a', 0), measured }, { ...node('gone', 0), measured }]);
  expect(nodes).toEqual([{ ...node('a', 50), measured }, node('new', 0)]);
});
