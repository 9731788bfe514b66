import { act, fireEvent, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';

import { answering, drawn } from '../form/testing';
import { Controls } from './Controls';
import { MeContext } from './me';

vi.mock('../i18n/zh', () => { throw new Error('the server has no such file any more'); });

it('a language whose texts cannot be loaded leaves the present one, here and at the server', async () => {
  const asked = answering(() => ({}));
  await drawn(<MeContext value={{ pk: 1, username: 'ada', name: 'Ada', is_superuser: true }}><Controls /></MeContext>);
  await act(async () => { fireEvent.click(screen.getByLabelText('Language')); });
  await act(async () => { fireEvent.click(await screen.findByText('简体中文')); });
  await screen.findByText(/The texts of this language could not be loaded/);
  expect(asked).toEqual([]);
  screen.getByLabelText('Language');
});
