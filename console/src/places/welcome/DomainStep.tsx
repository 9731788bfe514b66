import { Flex, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { usePublic } from '../../shell/me';
import type { Source } from '../sources/model';
import { Check } from '../sources/parts/Findings';
import { OpenPlatform } from '../sources/wechat/AtWeChat';
import { Domain } from '../sources/wechat/Domain';
import { elsewhere } from '../sources/wechat/domain';
import { seed } from '../sources/wechat/seed';
import '../sources/sources.css';
import '../sources/wechat/wechat.css';

/** What to register at WeChat, and whether it was. */
export function DomainStep({ source }: { source: Source }) {
  const { t } = useTranslation();
  const { origin } = usePublic();
  return (
    <Flex vertical gap="large">
      <Domain address={source.callback_url ?? origin} here={origin} elsewhere={elsewhere(source.authorization_url, source.type?.authorization_url)} />
      <div><OpenPlatform /></div>
      <div>
        <Typography.Title level={3}>{t('welcome.domain.check')}</Typography.Title>
        <Typography.Paragraph type="secondary">{t('welcome.domain.checkText')}</Typography.Paragraph>
        <Check path={`${seed.path}/${encodeURIComponent(source.slug)}`} name={t('wechat.name')} />
      </div>
    </Flex>
  );
}
