import type { TFunction } from 'i18next';

import type { Row } from '../../../api/query';
import type { Form } from '../../../form/forms';
import { field, literal } from '../literal';

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
  return literal('core/users', 'pk', t('users.one'), t('menu.users'), [
    field('username', t('users.field.username'), { help: t('users.help.username'), required: true, blank: false, unique: true, max_length: 150 }),
    field('name', t('users.field.name'), { help: t('users.help.name'), required: true }),
    field('email', t('users.field.email'), { help: t('users.help.email'), max_length: 254 }),
    field('is_active', t('users.field.is_active'), { help: t('users.help.is_active'), type: 'boolean', default: true }),
    field('type', t('users.field.type'), {
      help: t('users.help.type'), default: 'internal', enum: types.map((value) => ({ value, title: t(`users.type.${value}`) })),
    }),
    field('groups', t('users.field.groups'), { help: t('users.help.groups'), type: 'list', ref: 'group', item: field('', '', { ref: 'group' }), default: [] }),
    field('path', t('users.field.path'), { help: t('users.help.path'), default: 'users', group: 'advanced' }),
    field('attributes', t('users.field.attributes'), { help: t('users.help.attributes'), type: 'object', default: {}, group: 'advanced' }),
  ], 'authentik_core.user');
}
