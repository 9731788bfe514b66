import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { useParam } from './Go';

const Page = () => <p>core/groups/{useParam('pk')}</p>;

it.each([
  ['7f3a-11', 'core/groups/7f3a-11'],
  ['x%2F..%2F..%2Fusers%2F3', 'core/groups/x%2F..%2F..%2Fusers%2F3'],
  ['x%3Fa=b%23c', 'core/groups/x%3Fa%3Db%23c'],
])('the part %s of an address stays one part of a path', async (part, path) => {
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: '/groups/$pk', component: Page });
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory({ initialEntries: [`/groups/${part}`] }) });
  render(<RouterProvider router={router as never} />);
  await act(async () => { await router.load(); });
  expect(screen.getByText(/core/).textContent).toBe(path);
});
