import { ExportOutlined } from '@ant-design/icons';
import { Button, Flex, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { places, Screen, Trail } from './Screen';

/** Where the administrator has to go. It is opened in a window of its own, never loaded from here. */
export const platformAddress = 'https://open.weixin.qq.com/';

export function OpenPlatform() {
  const { t } = useTranslation();
  return <Button icon={<ExportOutlined aria-hidden />} href={platformAddress} target="_blank" rel="noopener noreferrer">{t('wechat.open')}</Button>;
}

/** The website application that has to be there first. */
export function AtWeChat() {
  const { t } = useTranslation();
  return (
    <div className="wechat-two">
      <div>
        <ol className="wechat-todo">
          <li>{t('wechat.app.account')}</li>
          <li>{t('wechat.app.create')}</li>
          <li>{t('wechat.app.review')}</li>
        </ol>
        <OpenPlatform />
      </div>
      <div>
        <Trail steps={['platform', 'management', 'websites', 'create']} />
        <Typography.Paragraph type="secondary">{t('wechat.app.kinds')}</Typography.Paragraph>
      </div>
    </div>
  );
}

/** Where AppID and AppSecret stand at WeChat. */
export function WhereCredentials() {
  const { t } = useTranslation();
  return (
    <Flex vertical gap="small">
      <Trail steps={['platform', 'management', 'websites', 'view']} />
      <Screen
        title={`${places.management} › ${places.websites} › ${places.view}`}
        rows={[{ label: 'AppID', value: 'wx0123456789abcdef', marked: true }, { label: 'AppSecret', value: '查看 / 重置', marked: true }]}
        caption={t('wechat.app.screen')}
      />
    </Flex>
  );
}
