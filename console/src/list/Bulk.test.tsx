import { act, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it } from 'vitest';

import { ApiError } from '../api/client';
import type { Row } from '../api/query';
import { drawn } from '../form/testing';
import { Bulk } from './Bulk';
import type { Action } from './types';

function Selection({ action }: { action: Partial<Action<Row>> }) {
  const [rows, setRows] = useState<Row[]>(['a', 'b', 'c'].map((name) => ({ pk: name, name })));
  return (
    <>
      <output>{rows.map(({ pk }) => pk).join('')}</output>
      {rows.length > 0 && (
        <Bulk rows={rows} rowKey="pk" actions={[{ key: 'do', label: 'Do', run: () => {}, ...action }]} onDone={(done) => setRows((now) => now.filter((row) => !done.includes(row)))} onClose={() => setRows([])} />
      )}
    </>
  );
}

const selected = () => document.querySelector('output')?.textContent;
const press = (name: string) => act(async () => { fireEvent.click(screen.getByText(name)); });

it('what is done leaves the selection, so that doing it again takes only what failed', async () => {
  const done: unknown[] = [];
  let whole = false;
  await drawn(<Selection action={{ run: async ({ pk }) => { if (pk === 'b' && !whole) throw new ApiError(400, 'in use'); done.push(pk); } }} />);
  await press('Do');
  expect(done).toEqual(['a', 'c']);
  expect(selected()).toBe('b');
  screen.getByText('b: in use');
  whole = true;
  await press('Do');
  expect(done).toEqual(['a', 'c', 'b']);
  expect(selected()).toBe('');
});

it('who stops it is told how many are left, and they stay selected', async () => {
  const waiting: (() => void)[] = [];
  await drawn(<Selection action={{ run: () => new Promise<void>((resolve) => waiting.push(resolve)) }} />);
  await press('Do');
  await press('Stop');
  await act(async () => waiting[0]?.());
  expect(selected()).toBe('bc');
  screen.getByText('2 are left, and still selected');
});

it('the end of the session stops it', async () => {
  const tried: unknown[] = [];
  await drawn(<Selection action={{ run: async ({ pk }) => { tried.push(pk); throw new ApiError(403, 'signed out', {}, 'not_authenticated'); } }} />);
  await press('Do');
  expect(tried).toEqual(['a']);
  expect(selected()).toBe('abc');
  screen.getByText('2 are left, and still selected');
});

it('what is asked before is asked once for all, and a no leaves everything as it was', async () => {
  const asked: Row[][] = [];
  const done: unknown[] = [];
  let answer = false;
  await drawn(<Selection action={{ ask: async (rows) => { asked.push(rows); return answer; }, run: ({ pk }) => { done.push(pk); } }} />);
  await press('Do');
  expect(selected()).toBe('abc');
  answer = true;
  await press('Do');
  expect(asked.map((rows) => rows.length)).toEqual([3, 3]);
  expect(done).toEqual(['a', 'b', 'c']);
});

it('a question about many takes out only what it did', async () => {
  let answer: (done: boolean[]) => void = () => {};
  await drawn(<Selection action={{ runMany: () => new Promise((resolve) => { answer = resolve; }) }} />);
  await press('Do');
  expect(selected()).toBe('abc');
  await act(async () => answer([false, true, false]));
  expect(selected()).toBe('ac');
});
