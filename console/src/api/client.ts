// Calls of the server's API, in the session that the browser already has there.

import createClient from 'openapi-fetch';

import type { paths } from './schema.gen';

/** Where the API begins. */
export const base = '/api/v3';

/** What the server answered in place of what was asked for. */
export class ApiError extends Error {
  constructor(
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    /** One sentence in the reader's language. */
    message: string,
    /** Faults by field, as the server names fields; those of no field are under `non_field_errors`. */
    readonly fields: Readonly<Record<string, readonly string[]>> = {},
    /** The server's own name for the fault, such as `changed_meanwhile`. */
    readonly code = '',
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** No answer came: the server or the way to it is gone. */
  get lost(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  /** The session has ended. */
  get signedOut(): boolean {
    return (this.status === 401 || this.status === 403) && this.code === 'not_authenticated';
  }

  /** Whatever else is asked now fares no better: there is no server or no session. */
  get everywhere(): boolean {
    return this.lost || this.signedOut;
  }

  /** Somebody else changed the object since it was read (RFC 9110, section 13.1.1). */
  get conflict(): boolean {
    return this.status === 412;
  }
}

const watchers = new Set<(err: ApiError) => void>();

/** Tells of every call that found no server or no session, whoever made it. Gives what ends that. */
export function onTrouble(watch: (err: ApiError) => void): () => void {
  watchers.add(watch);
  return () => void watchers.delete(watch);
}

function told(err: ApiError): ApiError {
  if (err.everywhere) watchers.forEach((watch) => watch(err));
  return err;
}

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Writes a query; what is undefined or empty is left out. */
export function queryString(query: Query = {}): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) out.append(name, String(one));
  }
  const text = out.toString();
  return text && `?${text}`;
}

/** An answer with the version of what it shows, for a later change to name. */
export interface Answer<T> {
  data: T;
  etag?: string;
}

interface CallOptions {
  query?: Query;
  body?: unknown;
  /** The version that a change is based on. */
  ifMatch?: string;
  signal?: AbortSignal;
}

/** Fetches from the API. @throws {ApiError} */
export async function ask(address: string, { signal, ...init }: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(`${base}/${address}`, { ...init, signal: signal ?? null });
  } catch (err) {
    if (signal?.aborted) throw err;
    throw told(new ApiError(0, ''));
  }
  if (!answer.ok) throw told(await failure(answer));
  return answer;
}

/** A part of a path that would lead out of it (RFC 3986, section 5.2.4). Browsers take a backslash for a slash and %2e for a dot. */
const leadsOut = (path: string) => path.split(/[/\\]/).some((part) => /^(\.|%2e){1,2}$/i.test(part));

/**
 * Calls the API at a path that is known only when it runs, as "stages/user_login". Where the path is known beforehand, use {@link api}, which knows the types.
 *
 * @throws {ApiError}
 */
export async function call<T>(method: string, path: string, { query, body, ifMatch, signal }: CallOptions = {}): Promise<Answer<T>> {
  const form = body instanceof FormData;
  if (leadsOut(path)) throw new ApiError(404, '');
  const answer = await ask(`${path.replace(/^\/|\/$/g, '')}/${queryString(query)}`, {
    method,
    ...(signal && { signal }),
    headers: { Accept: 'application/json', ...(body !== undefined && !form && { 'Content-Type': 'application/json' }), ...(ifMatch && { 'If-Match': ifMatch }) },
    body: body === undefined ? null : form ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  const etag = answer.headers.get('ETag');
  return { data: (text ? JSON.parse(text) : undefined) as T, ...(etag && { etag }) };
}

/** Reads what a refused call was answered. */
async function failure(answer: Response): Promise<ApiError> {
  const text = await answer.text().catch(() => '');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null) return new ApiError(answer.status, '');
  const { detail, code, ...rest } = body as Record<string, unknown>;
  if (typeof detail === 'string') return new ApiError(answer.status, detail, {}, typeof code === 'string' ? code : '');
  const fields: Record<string, string[]> = {};
  for (const [name, faults] of Object.entries({ ...rest, ...(detail !== undefined && { detail }), ...(code !== undefined && { code }) })) {
    fields[name] = (Array.isArray(faults) ? faults : [faults]).map((fault) => (typeof fault === 'string' ? fault : JSON.stringify(fault)));
  }
  return new ApiError(answer.status, fields.non_field_errors?.[0] ?? Object.values(fields)[0]?.[0] ?? '', fields);
}

const client = createClient<paths>({ baseUrl: base });
client.use({
  async onResponse({ response }) {
    if (!response.ok) throw told(await failure(response));
  },
  onError({ error }) {
    return error instanceof ApiError ? error : told(new ApiError(0, ''));
  },
});

/** Calls of known paths, typed by the server's OpenAPI document. They throw {@link ApiError}. */
export const api = client;

/** A page of a list. */
export interface Paginated<T> {
  pagination: { count: number; current: number; total_pages: number; next: number; previous: number; start_index: number; end_index: number };
  results: T[];
}
