import { describe, expect, it } from 'vitest';

import { moved, numbered, renumbered, roomAt } from './order';

const placed = (...orders: number[]) => orders.map((order, i) => ({ pk: String.fromCharCode(97 + i), order }));

describe('the numbers of a sequence', () => {
  it.each<[string, (number | undefined)[], number[]]>([
    ['stay where they ascend', [10, 20, 30, 100], [10, 20, 30, 100]],
    ['change for one of two that changed places', [10, 30, 20], [10, 30, 40]],
    ['change for the one that was moved to the front', [100, 10, 20, 30], [0, 10, 20, 30]],
    ['change for the one that was moved between two', [10, 100, 20, 30], [10, 15, 20, 30]],
    ['are set apart where they were alike', [0, 0, 0], [0, 10, 20]],
    ['make room where there is none', [0, 5, 1, 2], [0, 5, 15, 25]],
    ['are given to whom has none', [10, undefined, 20], [10, 15, 20]],
    ['are given to all where nobody has one', [undefined, undefined], [10, 20]],
    ['of nothing are none', [], []],
  ])('%s', (_, orders, want) => {
    expect(numbered(orders)).toEqual(want);
  });

  it('ascend for any sequence, and one that was moved costs one write where there is room', () => {
    for (let from = 0; from < 6; from++) {
      for (let to = 0; to < 6; to++) {
        const sequence = moved(placed(0, 10, 20, 30, 40, 50), from, to);
        const orders = numbered(sequence.map(({ order }) => order));
        expect(orders.every((order, i) => i === 0 || order > orders[i - 1]!)).toBe(true);
        expect(renumbered(sequence)).toHaveLength(from === to ? 0 : 1);
      }
    }
  });
});

describe('something new', () => {
  it('stands between two without touching them', () => {
    expect(roomAt(placed(10, 20), 1)).toEqual({ order: 15, others: [] });
  });
  it('stands before the first and behind the last', () => {
    expect(roomAt(placed(10, 20), 0)).toEqual({ order: 0, others: [] });
    expect(roomAt(placed(10, 20), 2)).toEqual({ order: 30, others: [] });
    expect(roomAt([], 0)).toEqual({ order: 10, others: [] });
  });
  it('pushes as few as possible aside', () => {
    const { order, others } = roomAt(placed(0, 1, 2), 1);
    expect(others).toHaveLength(1);
    expect(order).toBe(-9);
    expect(others[0]).toEqual({ pk: 'a', from: 0, to: -19 });
  });
});
