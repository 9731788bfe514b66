import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGo } from '../../../shell/Go';
import type { NewSourceProps } from '../pages';
import { AtWeChat } from './AtWeChat';
import { Connect } from './Connect';
import './wechat.css';

/** A new WeChat source: what to have at WeChat, and the two values from there. */
export default function NewWeChat({ form, preset }: NewSourceProps) {
  const { t } = useTranslation();
  const go = useGo();
  return (
    <>
      <details className="sources-gap">
        <summary>{t('wechat.connect.noApp')}</summary>
        <AtWeChat />
      </details>
      <section className="sources-section" aria-label={t('wechat.connect.submit')}>
        <Typography.Paragraph>{t('wechat.connect.text')}</Typography.Paragraph>
        <Connect path={form.path} preset={preset} onDone={({ slug }) => go(`sources/${slug}`)} onCancel={() => go('sources')} />
      </section>
    </>
  );
}
