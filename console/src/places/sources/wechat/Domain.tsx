import { Alert, Flex, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { CopyField } from '../../../shell/Copy';
import { callbackDomain, hopeless, originOf } from './domain';
import { places, Screen, Trail } from './Screen';

interface DomainProps {
  /** Where WeChat sends browsers back to. */
  address: string;
  /** Where this console was opened. */
  here: string;
  /** The source leads to another host than WeChat's. */
  elsewhere?: string | undefined;
}

/** The callback domain to register: exactly what, exactly where, and whether it can work at all. */
export function Domain({ address, here, elsewhere }: DomainProps) {
  const { t } = useTranslation();
  const { domain, faults } = callbackDomain(address);
  const opened = callbackDomain(here).domain;
  const origin = originOf(address);
  return (
    <Flex vertical gap="middle">
      {elsewhere && <Alert type="info" showIcon title={t('wechat.domain.elsewhere', { host: elsewhere })} />}
      {!elsewhere && faults.length > 0 && (
        <Alert
          type={hopeless(faults) ? 'error' : 'warning'}
          showIcon
          title={t(hopeless(faults) ? 'wechat.domain.hopeless' : 'wechat.domain.doubtful', { origin })}
          description={(
            <>
              <ul className="wechat-faults">{faults.map((fault) => <li key={fault}>{t(`wechat.domain.fault.${fault}`)}</li>)}</ul>
              {t('wechat.domain.setting')} <code>WEIMEN_URL</code>
            </>
          )}
        />
      )}
      {opened !== domain && <Alert type="warning" showIcon title={t('wechat.domain.otherHost', { opened, domain })} />}
      <div className="wechat-two">
        <div>
          <Typography.Paragraph>{t('wechat.domain.register')}</Typography.Paragraph>
          <CopyField value={domain} label={places.domain} />
          <ul className="wechat-rules">
            <li>{t('wechat.domain.bare')}</li>
            <li>{t('wechat.domain.exact')}</li>
            <li>{t('wechat.domain.one')}</li>
          </ul>
          <Typography.Paragraph type="secondary">{t('wechat.domain.wrong')} <span lang="zh-Hans">“redirect_uri 参数错误”</span></Typography.Paragraph>
        </div>
        <div>
          <Trail steps={['platform', 'management', 'websites', 'view', 'development', 'domain', 'change']} />
          <Screen
            title={`${places.websites} › ${places.development}`}
            rows={[{ label: places.domain, value: domain, copy: domain, marked: true }]}
            caption={t('wechat.domain.screen')}
          />
        </div>
      </div>
      <details>
        <summary>{t('wechat.domain.whole')}</summary>
        <CopyField value={address} label={t('wechat.domain.wholeLabel')} />
      </details>
    </Flex>
  );
}
