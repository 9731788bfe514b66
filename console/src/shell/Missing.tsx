import { Button, Result } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGo } from './Go';
import { Page } from './Page';

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useTranslation();
  const go = useGo();
  return (
    <Page title={t('shell.missing.title')}>
      <Result status="404" subTitle={t('shell.missing.text')} extra={<Button type="primary" onClick={() => go('')}>{t('shell.missing.home')}</Button>} />
    </Page>
  );
}
