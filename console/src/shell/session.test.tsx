import { act, fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { call } from '../api/client';
import { answering, drawn } from '../form/testing';
import { SessionGuard } from './session';

const Writer = () => <button onClick={() => void call('POST', 'things').catch(() => {})}>write</button>;
const press = (name: string) => act(async () => {
  fireEvent.click(screen.getByText(name));
  await new Promise((done) => setTimeout(done, 30));
});

it('a write that goes past the cache asks to sign in again too, and the question goes once that is done', async () => {
  let signedOut = true;
  answering(() => (signedOut ? { status: 403, body: { detail: 'no', code: 'not_authenticated' } } : {}));
  await drawn(<><SessionGuard /><Writer /></>);
  expect(screen.queryByText('Your session has ended')).toBeNull();
  await press('write');
  screen.getByText('Your session has ended');
  await press('I have signed in');
  expect(document.querySelector('.ant-zoom-leave')).toBeNull(); // not yet
  signedOut = false;
  await press('I have signed in');
  expect(document.querySelector('.ant-zoom-leave')).not.toBeNull(); // jsdom ends no motion
});

it('a write that finds no server is told of until one answers', async () => {
  answering(() => { throw new TypeError('Failed to fetch'); });
  await drawn(<><SessionGuard /><Writer /></>);
  await press('write');
  screen.getByText(/The server cannot be reached/);
  answering(() => ({}));
  await act(async () => { window.dispatchEvent(new Event('focus')); });
  expect(screen.queryByText(/The server cannot be reached/)).toBeNull();
});
