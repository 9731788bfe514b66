// The numbers by which the stages of a flow are ordered, changed as little as can be.

/** How far apart places are put where there is room. */
const apart = 10;

/**
 * Gives each place of a sequence its number, so that they ascend. As many numbers as possible stay what they are: those of the longest part of the sequence between whose members there is room
 * for what stands between them. An undefined number is a place that has none yet.
 */
export function numbered(orders: readonly (number | undefined)[]): number[] {
  const kept = longest(orders);
  const out = orders.map((order) => order ?? 0);
  if (kept.length === 0) return out.map((_, i) => (i + 1) * apart);
  const first = kept[0]!;
  const last = kept[kept.length - 1]!;
  for (let i = 0; i < first; i++) out[i] = out[first]! - apart * (first - i);
  for (let i = last + 1; i < out.length; i++) out[i] = out[last]! + apart * (i - last);
  for (let k = 1; k < kept.length; k++) {
    const [from, to] = [kept[k - 1]!, kept[k]!];
    const step = Math.min(apart, Math.floor((out[to]! - out[from]!) / (to - from)));
    for (let i = from + 1; i < to; i++) out[i] = out[from]! + step * (i - from);
  }
  return out;
}

/** The indices that can keep their numbers: between two of them the numbers are at least as far apart as the places. */
function longest(orders: readonly (number | undefined)[]): number[] {
  const best: number[][] = [];
  orders.forEach((order, i) => {
    if (order === undefined) return;
    let before: number[] = [];
    for (const chain of best) {
      const j = chain[chain.length - 1]!;
      if (order - orders[j]! >= i - j && chain.length > before.length) before = chain;
    }
    best.push([...before, i]);
  });
  return best.reduce<number[]>((longest, chain) => (chain.length > longest.length ? chain : longest), []);
}

/** A list with one thing moved: to stand at index `to` of the result. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list];
  const [thing] = out.splice(from, 1);
  if (thing !== undefined) out.splice(to, 0, thing);
  return out;
}

export interface Placed {
  pk: string;
  order: number;
}

/** What has to be written so that things stand in this sequence, with what to write to take it back. */
export function renumbered(sequence: readonly Placed[]): { pk: string; from: number; to: number }[] {
  const orders = numbered(sequence.map(({ order }) => order));
  return sequence.flatMap(({ pk, order }, i) => (orders[i] === order ? [] : [{ pk, from: order, to: orders[i]! }]));
}

/** The number of something new at an index, and what has to make room for it. */
export function roomAt(sequence: readonly Placed[], index: number): { order: number; others: { pk: string; from: number; to: number }[] } {
  const orders = numbered([...sequence.slice(0, index).map(({ order }) => order), undefined, ...sequence.slice(index).map(({ order }) => order)]);
  const others = sequence.flatMap(({ pk, order }, i) => {
    const to = orders[i < index ? i : i + 1]!;
    return to === order ? [] : [{ pk, from: order, to }];
  });
  return { order: orders[index]!, others };
}
