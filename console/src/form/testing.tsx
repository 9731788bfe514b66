// What the tests of forms stand on: a page with a router, texts, and a server that answers as it is told.

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, render } from '@testing-library/react';
import { App } from 'antd';
import type { ReactNode } from 'react';
import { vi } from 'vitest';

import type { Language } from '../i18n';
import { speak } from '../i18n';

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  ifMatch: string | null;
}

// jsdom scrolls nothing.
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};

/** An answer, or a status with its body. */
type Reply = object | { status: number; body: unknown; etag?: string };

/** Puts a server in place of the real one, and gives what it was asked. */
export function answering(reply: (asked: Asked) => Reply): Asked[] {
  const asked: Asked[] = [];
  globalThis.fetch = vi.fn(async (url: RequestInfo | URL, init?: RequestInit) => {
    const path = String(url).replace(/^\/api\/v3\//, '').replace(/\/(\?.*)?$/, '$1');
    const one: Asked = { method: init?.method ?? 'GET', path, body: init?.body ? JSON.parse(String(init.body)) : undefined, ifMatch: new Headers(init?.headers).get('If-Match') };
    asked.push(one);
    const answer = reply(one);
    const { status, body, etag } = 'status' in answer && 'body' in answer ? (answer as { status: number; body: unknown; etag?: string }) : { status: 200, body: answer, etag: undefined };
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...(etag && { ETag: etag }) } });
  }) as typeof fetch;
  return asked;
}

/** Draws something as it stands in a page of the console. */
export async function drawn(content: ReactNode, language: Language = 'en', at = '/') {
  await speak(language);
  const root = createRootRoute();
  const index = createRoute({ getParentRoute: () => root, path: '/', component: () => <>{content}</> });
  const other = createRoute({ getParentRoute: () => root, path: '/other', component: () => <p>another page</p> });
  const router = createRouter({ routeTree: root.addChildren([index, other]), history: createMemoryHistory({ initialEntries: [at] }) });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = render(<QueryClientProvider client={client}><App><RouterProvider router={router as never} /></App></QueryClientProvider>);
  await act(async () => { await router.load(); });
  return { ...page, router };
}
