import type { TFunction } from 'i18next';

import { type Form, makeField, makeForm } from '../../../form/forms';

/** A token as the API answers one. Its key is asked for separately. */
export interface Token {
  pk: string;
  identifier: string;
  intent: string;
  user: number;
  user_obj: { pk: number; username: string; name: string };
  description: string;
  expires: string | null;
  expiring: boolean;
  managed: string | null;
}

/** What people may make tokens for. The server makes the others by itself. */
export const intents = ['api', 'app_password'] as const;

/** Whether a token's time is over. */
export const isOver = ({ expiring, expires }: Token, now = Date.now()) => expiring && expires !== null && Date.parse(expires) <= now;

/** The form of a token. One that the server made for its own purposes keeps them. */
export function tokenForm(t: TFunction, intent?: string): Form {
  const text = (name: string) => ({ name, title: t(`tokens.field.${name}`), help: t(`tokens.help.${name}`) });
  const offered = intent && !intents.some((one) => one === intent) ? [intent, ...intents] : intents;
  return makeForm({
    path: 'core/tokens', key: 'identifier', ref: 'token', verbose_name: t('tokens.one'), verbose_name_plural: t('menu.tokens'),
    fields: [
      makeField({ ...text('identifier'), type: 'string', required: true, slug: true, unique: true, max_length: 255 }),
      makeField({ ...text('description'), type: 'string', blank: true }),
      makeField({ ...text('user'), type: 'integer', required: true, nullable: true, ref: 'user', default: null }),
      makeField({ ...text('intent'), type: 'string', default: 'api', enum: offered.map((value) => ({ value, title: t(`tokens.intent.${value}`) })) }),
      makeField({ ...text('expiring'), type: 'boolean', default: true }),
      makeField({ ...text('expires'), type: 'time', nullable: true, default: null }),
    ],
  });
}
