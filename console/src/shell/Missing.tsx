import { FileUnknownOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGo } from './Go';
import { Page } from './Page';
import { Empty } from './states';

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useTranslation();
  const go = useGo();
  return (
    <Page title={t('shell.missing.title')}>
      <Empty icon={<FileUnknownOutlined />} text={t('shell.missing.text')} action={<Button type="primary" onClick={() => go('')}>{t('shell.missing.home')}</Button>} />
    </Page>
  );
}
