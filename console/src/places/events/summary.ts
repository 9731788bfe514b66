import type { EventRow } from './types';

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

const name = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return text(value);
  const { name: own, slug, username, model_name: model } = value as Record<string, unknown>;
  return text(own) || text(slug) || text(username) || text(model);
};

/** Events whose message, an English one for machines, says no more than their action does in the reader's language. */
const told: readonly string[] = ['source_linked'];

/** Says in the reader's language what an object is. */
export type NounOf = (object: { app: string; model_name: string }) => string;

/** An object with what it is before its name: "Application Outline". */
function object(value: unknown, nounOf: NounOf): string {
  const { app, model_name: model } = (value ?? {}) as Record<string, unknown>;
  if (!text(model)) return name(value);
  const noun = nounOf({ app: text(app), model_name: text(model) });
  const own = name(value);
  return own === text(model) ? noun : `${noun} ${own}`;
}

/** What an event is about, from its context: a source, an application, an object, somebody, or the message of a failure. */
export function summary({ action, context }: EventRow, nounOf: NounOf): string {
  const { source, authorized_application: application, model, flow, user, username, invitation, to_email: to, reason, message, auth_method: method } = context;
  const parts = [
    name(source), name(application), object(model, nounOf), name(user) || text(username), text(invitation), text(to), name(flow),
    text(reason) || (told.includes(action) ? '' : text(message)), text(method),
  ];
  return parts.filter((part, i) => part && parts.indexOf(part) === i).slice(0, 3).join(' · ');
}
