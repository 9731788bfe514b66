import { useTranslation } from 'react-i18next';

import { Section } from '../Section';
import { TokenList } from '../tokens/TokenList';
import type { User } from './user';

/** The keys that act on behalf of a user. */
export function UserTokens({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <Section title={t('menu.tokens')} text={t('users.tokensText')}>
      <TokenList user={user} scope="tokens" />
    </Section>
  );
}
