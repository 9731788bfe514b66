import { PlusOutlined } from '@ant-design/icons';
import { Alert, Button, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGo } from '../../shell/Go';

/** Something to sign in to. It has pages of its own, and the last of them leads back here. */
export function ApplicationStep({ count, source }: { count: number; source: string }) {
  const { t } = useTranslation();
  const go = useGo();
  return (
    <Flex vertical gap="middle">
      {count > 0 && <Alert type="success" showIcon title={t('welcome.application.there', { n: count })} />}
      <Flex gap="small" wrap>
        <Button type={count > 0 ? 'default' : 'primary'} icon={<PlusOutlined aria-hidden />} onClick={() => go(`applications/new?welcome=${encodeURIComponent(source)}`)}>{t('welcome.application.add')}</Button>
        {count > 0 && <Button onClick={() => go('applications')}>{t('welcome.application.see')}</Button>}
      </Flex>
    </Flex>
  );
}
