import { useTranslation } from 'react-i18next';

import { Page } from '../../../shell';
import { TokenList } from './TokenList';

/** All keys that programs and apps use. */
export default function Tokens() {
  const { t } = useTranslation();
  return (
    <Page title={t('menu.tokens')} subtitle={t('tokens.text')}>
      <TokenList />
    </Page>
  );
}
