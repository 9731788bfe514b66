import { describe, expect, it } from 'vitest';

import { ApiError } from '../../api/client';
import { answering } from '../../form/testing';
import { isOvertaken, reorder, reversed } from './reorder';

/** Bindings with their numbers and versions. */
function server(orders: Record<string, number>, refuse: (method: string, pk: string) => number | undefined = () => undefined) {
  const rows = new Map(Object.entries(orders).map(([pk, order]) => [pk, { order, version: 1 }]));
  const asked = answering(({ method, path, body, ifMatch }) => {
    const pk = path.split('/')[2] ?? '';
    const status = refuse(method, pk);
    if (status) return { status, body: { detail: 'No.' } };
    const row = rows.get(pk);
    if (method === 'POST') return { status: 201, body: {} };
    if (!row) return { status: 404, body: { detail: 'Not found.' } };
    if (method === 'PATCH') {
      if (ifMatch !== `"${row.version}"`) return { status: 412, body: { detail: 'Changed meanwhile.' } };
      row.order = (body as { order: number }).order;
      row.version += 1;
    }
    return { status: 200, body: { pk, order: row.order }, etag: `"${row.version}"` };
  });
  return { asked, orders: () => Object.fromEntries([...rows].map(([pk, { order }]) => [pk, order])) };
}

const writes = [{ pk: 'a', from: 0, to: 10 }, { pk: 'b', from: 10, to: 0 }];

describe('the numbers of stages', () => {
  it('are written over the versions that were looked at, and back', async () => {
    const { orders, asked } = server({ a: 0, b: 10 });
    await reorder(writes);
    expect(orders()).toEqual({ a: 10, b: 0 });
    expect(asked.filter(({ method }) => method === 'PATCH').every(({ ifMatch }) => ifMatch === '"1"')).toBe(true);
    await reorder(reversed(writes));
    expect(orders()).toEqual({ a: 0, b: 10 });
  });

  it.each([['changed', { a: 0, b: 11 }], ['taken out', { a: 0 }]])('are all left alone where somebody else has %s one of them', async (_, there) => {
    const { orders, asked } = server(there);
    const err: unknown = await reorder(writes).catch((caught: unknown) => caught);
    expect(isOvertaken(err)).toBe(true);
    expect(orders()).toEqual(there);
    expect(asked.some(({ method }) => method === 'PATCH')).toBe(false);
  });

  it('are put back where a later one is refused', async () => {
    const { orders } = server({ a: 0, b: 10 }, (method, pk) => (method === 'PATCH' && pk === 'b' ? 412 : undefined));
    await expect(reorder(writes)).rejects.toMatchObject({ status: 412 });
    expect(orders()).toEqual({ a: 0, b: 10 });
  });

  it('are put back where what made room for something did so for nothing', async () => {
    const { orders } = server({ a: 0, b: 10 });
    await expect(reorder(writes, () => Promise.reject(new ApiError(400, 'No such stage.')))).rejects.toMatchObject({ status: 400 });
    expect(orders()).toEqual({ a: 0, b: 10 });
  });
});
