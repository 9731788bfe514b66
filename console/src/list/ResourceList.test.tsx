import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';

import { answering, drawn } from '../form/testing';
import { ResourceList } from './ResourceList';

const page = (results: object[]) => ({ pagination: { count: results.length, current: 1, total_pages: 1, next: 0, previous: 0, start_index: 1, end_index: results.length }, results });

const list = (
  <ResourceList
    path="core/users"
    label="Users"
    columns={[{ key: 'name', title: 'Name' }]}
    filters={[{ name: 'is_active', label: 'Is active', type: 'boolean' }, { name: 'created', label: 'Created', type: 'time' }]}
  />
);

it('names a filter that the server refuses, and takes it away', async () => {
  answering(({ path }) => (path.includes('is_active') ? { status: 400, body: { is_active: ['Must be a valid boolean.'] } } : page([{ pk: 1, name: 'alice' }])));
  const { router } = await drawn(list, 'en', '/?is_active=maybe&search=al');
  await screen.findByText('Is active: Choose yes or no.');
  screen.getByRole('searchbox', { name: 'Search: Users' });
  screen.getByRole('combobox', { name: 'Is active' });
  fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  await screen.findByText('alice');
  expect(router.state.location.search).toEqual({});
});

it('shows a time in the address that is none as no time', async () => {
  answering(({ path }) => (path.includes('created') ? { status: 400, body: { created__gte: ['Enter a valid date/time.'] } } : page([])));
  await drawn(list, 'en', '/?created__gte=yesterday');
  await screen.findByText('Created: Please enter a date and time.');
});

it('exports only while the session holds', async () => {
  let ended = false;
  answering(() => (ended ? { status: 403, body: { detail: 'Authentication credentials were not provided.', code: 'not_authenticated' } } : page([{ pk: 1, name: 'alice' }])));
  const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  await drawn(list);
  await screen.findByText('alice');
  const button = screen.getByRole('link', { name: 'Export as CSV' });
  fireEvent.click(button);
  await waitFor(() => expect(saved).toHaveBeenCalledTimes(1));
  ended = true;
  fireEvent.click(button);
  await waitFor(() => expect(button.className).not.toContain('loading'));
  expect(saved).toHaveBeenCalledTimes(1);
  saved.mockRestore();
});
