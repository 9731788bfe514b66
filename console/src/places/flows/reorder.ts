// Writes the numbers of a flow's stages: all of them or none, and only over what is seen.

import { ApiError, call } from '../../api/client';

/** A stage's place in a flow, by its binding: the number that is seen and the one that it gets. */
export interface Write {
  pk: string;
  from: number;
  to: number;
}

/** What takes writes back. */
export const reversed = (writes: readonly Write[]): Write[] => writes.map(({ pk, from, to }) => ({ pk, from: to, to: from })).reverse();

const place = (pk: string) => `flows/bindings/${pk}`;

/** Whether somebody else changed or removed meanwhile what was to be written. */
export const isOvertaken = (err: unknown): boolean => err instanceof ApiError && (err.conflict || err.status === 404);

/**
 * Gives bindings their numbers, then does what else belongs to it. Each is looked at first. If one is not as it was seen, or anything fails on the way, what was written is
 * taken back where nobody has touched it since.
 *
 * @throws {ApiError} 412 where somebody else was faster
 */
export async function reorder(writes: readonly Write[], then?: () => Promise<unknown>): Promise<void> {
  const seen = await Promise.all(writes.map(async (write) => {
    const { data, etag } = await call<{ order: number }>('GET', place(write.pk));
    if (data.order !== write.from) throw new ApiError(412, '');
    return { ...write, etag };
  }));
  const put = (pk: string, order: number, etag?: string) => call('PATCH', place(pk), { body: { order }, ...(etag && { ifMatch: etag }) });
  const written: typeof seen = [];
  try {
    for (const write of seen) {
      const { etag } = await put(write.pk, write.to, write.etag);
      written.push({ ...write, etag });
    }
    await then?.();
  } catch (err) {
    for (const { pk, from, etag } of written.reverse()) await put(pk, from, etag).catch(() => undefined); // the first fault is the one to speak of
    throw err;
  }
}
