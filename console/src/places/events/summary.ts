import type { EventRow } from './types';

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

const name = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return text(value);
  const { name: own, slug, username, model_name: model } = value as Record<string, unknown>;
  return text(own) || text(slug) || text(username) || text(model);
};

/** Events whose message, an English one for machines, says no more than their action does in the reader's language. */
const told: readonly string[] = ['source_linked'];

/** What an event is about, from its context: a source, an application, an object, or the message of a failure. */
export function summary({ action, context }: EventRow): string {
  const { source, authorized_application: application, model, flow, reason, message, auth_method: method } = context;
  const parts = [name(source), name(application), name(model), name(flow), text(reason) || (told.includes(action) ? '' : text(message)), text(method)];
  return parts.filter((part, i) => part && parts.indexOf(part) === i).slice(0, 3).join(' · ');
}
