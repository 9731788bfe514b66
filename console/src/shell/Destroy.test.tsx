import { act, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, it } from 'vitest';

import { answering, drawn } from '../form/testing';
import type { Destruction } from './Destroy';
import { Destroyer, useDestroy } from './Destroy';

function Asker({ what }: { what: Destruction }) {
  const destroy = useDestroy();
  const [gone, setGone] = useState('');
  return <><button onClick={() => void destroy(what).then((done) => setGone(done.join()))}>ask</button><output>{gone}</output></>;
}

const button = (name: string) => [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)!;
const settle = () => act(async () => { await new Promise((done) => setTimeout(done, 30)); });
const press = async (name: string) => {
  await act(async () => { fireEvent.click(button(name)); });
  await settle();
};
const type = (text: string) => fireEvent.change(document.querySelector('input')!, { target: { value: text } });
const able = (name: string) => !button(name).disabled;
const gone = () => document.querySelector('output')?.textContent;

async function asking(what: Partial<Destruction> & Pick<Destruction, 'objects'>) {
  await drawn(<Destroyer><Asker what={{ noun: 'thing', ...what }} /></Destroyer>);
  await press('ask');
}

it('nothing is deleted before it is known what depends on it', async () => {
  let known = false;
  answering(({ path }) => (path.endsWith('used_by') && !known ? { status: 500, body: { detail: 'oh' } } : path.endsWith('used_by') ? [{ name: 'b', app: 'a', model_name: 'm', action: 'cascade' }] : {}));
  await asking({ objects: [{ path: 'things/1', name: 'One' }] });
  expect(able('Delete')).toBe(false);
  screen.getByText('What depends on it could not be found out');
  known = true;
  await press('Try again');
  expect(able('Delete')).toBe(false); // something goes with it
  type('One');
  expect(able('Delete')).toBe(true);
});

it.each([404, 405, 501])('a noun that has no list of uses (%i) is deleted all the same', async (status) => {
  const asked = answering(({ method }) => (method === 'DELETE' ? { status: 204, body: null } : { status, body: { detail: 'no' } }));
  await asking({ objects: [{ path: 'things/1', name: 'One' }] });
  await press('Delete');
  expect(asked.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual(['things/1']);
  expect(gone()).toBe('true');
});

it.each([
  [' One', 'One'], ['One ', 'One'], ['a  b', 'a b'], ['One', ' One '], ['  ', '1'],
])('the name "%s" is confirmed by "%s"', async (name, typed) => {
  answering(() => []);
  await asking({ objects: [{ path: 'things/1', name }], grave: true });
  expect(able('Delete')).toBe(false);
  type(typed);
  expect(able('Delete')).toBe(true);
});

it('the end of the session stops it, and one more press deletes what is left', async () => {
  let signedOut = true;
  const asked = answering(({ method, path }) => {
    if (method !== 'DELETE') return [];
    return signedOut && path !== 'things/1' ? { status: 403, body: { detail: 'no', code: 'not_authenticated' } } : { status: 204, body: null };
  });
  const objects = [1, 2, 3].map((n) => ({ path: `things/${n}`, name: `thing ${n}` }));
  await asking({ objects });
  type('3');
  await press('Delete');
  const deleted = () => asked.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
  expect(deleted()).toEqual(['things/1', 'things/2']);
  screen.getByText('2 are not deleted yet');
  signedOut = false;
  await press('Delete');
  expect(deleted().slice(2)).toEqual(['things/2', 'things/3']);
  expect(gone()).toBe('true,true,true');
});

it('it gives what is gone when some of it was refused, or nothing when it is called off', async () => {
  answering(({ method, path }) => (method !== 'DELETE' ? [] : path === 'things/1' ? { status: 400, body: { detail: 'in use' } } : { status: 204, body: null }));
  await asking({ objects: [{ path: 'things/1', name: 'One' }, { path: 'things/2', name: 'Two' }] });
  await press('Cancel');
  expect(gone()).toBe('false,false');
  await press('ask');
  type('2');
  await press('Delete');
  screen.getByText('One: in use');
  await press('Close');
  expect(gone()).toBe('false,true');
});
