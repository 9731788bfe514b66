// Who has come in, and who has not, out of the events of a source.

/** An event, as far as it tells of a sign-in. */
export interface SignInEvent {
  pk: string;
  action: string;
  created: string;
  support_code: string;
  user: { pk?: number; username?: string };
  context: Record<string, unknown>;
}

export interface Arrivals {
  /** The newest sign-in, whenever it was. */
  arrived?: SignInEvent;
  /** The newest refusal since the page was opened, where nobody came in after it. */
  failed?: { event: SignInEvent; why: string };
}

/** Reads a page of events, newest first. */
export function firstOf(events: readonly SignInEvent[], since: string): Arrivals {
  const arrived = events.find(({ action }) => action === 'login');
  const refused = events.find(({ context, support_code: code, action }) => action !== 'login' && code !== '' && typeof context.reason === 'string' && context.reason !== '');
  const counts = refused && Date.parse(refused.created) >= Date.parse(since) && !(arrived && Date.parse(arrived.created) > Date.parse(refused.created));
  return {
    ...(arrived && { arrived }),
    ...(counts && { failed: { event: refused, why: typeof refused.context.message === 'string' ? refused.context.message : String(refused.context.reason) } }),
  };
}
