import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { expect, it } from 'vitest';

import { answering, drawn } from '../form/testing';
import { useList } from './query';

/** The tokens of somebody, page by page. */
function Tokens() {
  const [user, setUser] = useState('ada');
  const [page, setPage] = useState(1);
  const { data } = useList<{ pk: string }>('core/tokens', { user }, true, { page });
  return (
    <>
      <ul>{data?.results.map(({ pk }) => <li key={pk}>{pk}</li>)}</ul>
      <button onClick={() => setPage(2)}>page</button>
      <button onClick={() => setUser('bob')}>user</button>
    </>
  );
}

const rows = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent);
const press = (name: string) => act(async () => { fireEvent.click(screen.getByText(name)); });

it('a list keeps its rows while a page is turned, and shows nobody the rows of somebody else', async () => {
  let gate = Promise.resolve();
  let release = () => {};
  const hold = () => { gate = new Promise((resolve) => { release = resolve; }); };
  answering(({ path }) => ({ results: [{ pk: path }] }));
  const { fetch } = globalThis;
  globalThis.fetch = async (...args) => gate.then(() => fetch(...args));
  await drawn(<Tokens />);
  await waitFor(() => expect(rows()).toEqual(['core/tokens?user=ada&page=1']));
  hold();
  await press('page');
  expect(rows()).toEqual(['core/tokens?user=ada&page=1']);
  release();
  await waitFor(() => expect(rows()).toEqual(['core/tokens?user=ada&page=2']));
  hold();
  await press('user');
  expect(rows()).toEqual([]);
  release();
  await waitFor(() => expect(rows()).toEqual(['core/tokens?user=bob&page=2']));
});
