import { Button, Result } from 'antd';
import { useTranslation } from 'react-i18next';

import { Page } from './Page';

/** A page that fell over, or whose code is no longer on the server since that was updated. */
export function PageFault() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.fault.title')}>
      <Result status="warning" subTitle={t('shell.fault.text')} extra={<Button type="primary" onClick={() => window.location.reload()}>{t('shell.fault.again')}</Button>} />
    </Page>
  );
}
