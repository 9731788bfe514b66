import type { TFunction } from 'i18next';

import type { Row } from '../../../api/query';
import { type Form, makeField, makeForm } from '../../../form/forms';

/** A user as the API answers one. */
export interface User {
  pk: number;
  uuid: string;
  uid: string;
  username: string;
  name: string;
  email: string;
  is_active: boolean;
  is_superuser: boolean;
  path: string;
  type: UserType;
  attributes: Row;
  last_login: string | null;
  date_joined: string;
  last_updated: string;
  password_change_date: string;
  groups: string[];
  groups_obj: { pk: string; name: string; is_superuser: boolean }[] | null;
}

export const userTypes = ['internal', 'external', 'service_account', 'internal_service_account'] as const;
export type UserType = (typeof userTypes)[number];

/** Those that an administrator may choose. The server makes the other by itself. */
export const choosable: readonly UserType[] = ['internal', 'external', 'service_account'];

export const nameOf = (user: { name?: string; username: string }) => user.name || user.username;

/** The names of the sources that wrote the user. */
export function sourcesOf(user: User): string[] {
  const names = user.attributes['goauthentik.io/user/sources'];
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/** What is known of the user's address: that its owner reads it, that somebody merely typed it, or neither. Each is said of one address and of no later one. */
export function mailState(user: User): 'none' | 'verified' | 'unproven' | 'given' {
  const mail = user.email.toLowerCase();
  if (!mail) return 'none';
  if (user.attributes['goauthentik.io/user/email-verified'] === mail) return 'verified';
  if (user.attributes['goauthentik.io/user/email-unproven'] === mail) return 'unproven';
  return 'given';
}

/** The form of a user. */
export function userForm(t: TFunction, type?: UserType): Form {
  const types = type === 'internal_service_account' ? [type] : choosable;
  const text = (name: string) => ({ name, title: t(`users.field.${name}`), help: t(`users.help.${name}`) });
  return makeForm({
    path: 'core/users', key: 'pk', ref: 'user', verbose_name: t('users.one'), verbose_name_plural: t('menu.users'),
    fields: [
      makeField({ ...text('username'), type: 'string', required: true, unique: true, max_length: 150 }),
      makeField({ ...text('name'), type: 'string', required: true, blank: true }),
      makeField({ ...text('email'), type: 'string', blank: true, max_length: 254 }),
      makeField({ ...text('is_active'), type: 'boolean', default: true }),
      makeField({ ...text('type'), type: 'string', default: 'internal', enum: types.map((value) => ({ value, title: t(`users.type.${value}`) })) }),
      makeField({ ...text('groups'), type: 'list', item: makeField({ name: '', title: '', type: 'string', ref: 'group' }), ref: 'group' }),
      makeField({ ...text('path'), type: 'string', default: 'users', group: 'advanced' }),
      makeField({ ...text('attributes'), type: 'object', group: 'advanced' }),
    ],
  });
}
