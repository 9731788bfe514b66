import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

import { useNounOf } from '../../form/forms';
import type { NounOf } from './summary';

/** The actions that the server records, in the order they are offered as a filter. */
export const actions = [
  'login', 'login_failed', 'logout', 'user_write', 'source_linked', 'authorize_application', 'invitation_used', 'email_sent', 'password_set', 'secret_view', 'secret_rotate', 'suspicious_request',
  'flow_execution', 'policy_execution', 'policy_exception', 'property_mapping_exception', 'system_exception', 'configuration_error', 'configuration_warning', 'model_created', 'model_updated',
  'model_deleted',
] as const;

type Action = (typeof actions)[number];

const known = (action: string): action is Action => (actions as readonly string[]).includes(action);

/** What happened, in words. A newer server may record what this console has no word for. */
export const actionName = (t: TFunction, action: string) => (known(action) ? t(`events.action.${action}`) : action.replaceAll('_', ' '));

/** How much it matters, as a colour of a tag. */
export function actionColour(action: string): string {
  if (/exception|configuration_error/.test(action)) return 'red';
  if (/failed|suspicious|warning/.test(action)) return 'orange';
  if (action === 'login' || action === 'source_linked') return 'green';
  if (/^model_|secret_|password_/.test(action)) return 'blue';
  return 'default';
}

/** What people's data are called, of which the server has no form: users, tokens and such. */
const nouns = ['user', 'group', 'token', 'invitation', 'useroauthsourceconnection', 'groupoauthsourceconnection'];

/** Says in the reader's language what an object is that an event is about. */
export function useEventNoun(): NounOf {
  const { t } = useTranslation();
  const nounOf = useNounOf();
  return (object) => (nouns.includes(object.model_name) ? t(`events.noun.${object.model_name}`) : nounOf(object));
}
