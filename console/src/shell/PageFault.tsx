import { WarningOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { Page } from './Page';
import { Empty } from './states';

/** A page that fell over, or whose code is no longer on the server since that was updated. */
export function PageFault() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.fault.title')}>
      <Empty icon={<WarningOutlined />} text={t('shell.fault.text')} action={<Button type="primary" onClick={() => window.location.reload()}>{t('shell.fault.again')}</Button>} />
    </Page>
  );
}
