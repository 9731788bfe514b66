import { useTranslation } from 'react-i18next';

import { Page } from '../../shell/Page';

export default function Dashboard() {
  const { t } = useTranslation();
  return <Page title={t('menu.dashboard')}>{null}</Page>;
}
