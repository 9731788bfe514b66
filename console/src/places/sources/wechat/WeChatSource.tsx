import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import type { SourcePageProps } from '../pages';
import { SourceFrame } from '../SourceFrame';
import { SetUp } from './SetUp';
import './wechat.css';

/** A WeChat source. */
export default function WeChatSource(props: SourcePageProps) {
  const { t } = useTranslation();
  const { source, etag, form, path } = props;
  return (
    <SourceFrame
      {...props}
      upstream={t('wechat.name')}
      setUp={<SetUp source={source} form={form} path={path} {...(etag && { etag })} />}
      note={<Recognised account={source.open_platform_account ?? ''} />}
    />
  );
}

/** By what WeChat lets people be recognised. */
function Recognised({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('wechat.known.title')}</h3>
      <ul>
        <li>{t('wechat.known.ids')}</li>
        <li>{account ? t('wechat.known.shared', { account }) : t('wechat.known.alone')}</li>
        <li>{t('wechat.known.name')}</li>
        <li>{t('wechat.known.email')}</li>
      </ul>
      <Typography.Paragraph type="secondary">{t('wechat.known.conflict')}</Typography.Paragraph>
    </>
  );
}
