import { theme } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Copy } from '../../../shell/Copy';

/** WeChat's own names of its screens: they are Chinese in every language of ours, for that is what stands there. */
export const places = {
  platform: '微信开放平台',
  management: '管理中心',
  websites: '网站应用',
  create: '创建网站应用',
  view: '查看',
  development: '开发信息',
  domain: '授权回调域',
  change: '修改',
} as const;

type PlaceName = keyof typeof places;

/** The way through WeChat's screens, one after the other, with a translation for those who read none of it. */
export function Trail({ steps }: { steps: PlaceName[] }) {
  const { t, i18n } = useTranslation();
  return (
    <ol className="wechat-trail" aria-label={t('wechat.trail')}>
      {steps.map((step) => (
        <li key={step}>
          <span lang="zh-Hans">{places[step]}</span>
          {i18n.language !== 'zh' && <small>{t(`wechat.place.${step}`)}</small>}
        </li>
      ))}
    </ol>
  );
}

interface ScreenRow {
  /** As it stands at WeChat. */
  label: string;
  value: ReactNode;
  /** Can be copied to there. */
  copy?: string;
  /** The one that it is about. */
  marked?: boolean;
}

/** A drawing of a screen of WeChat's, so that one knows it when one sees it. */
export function Screen({ title, rows, caption }: { title: string; rows: ScreenRow[]; caption: string }) {
  const { token } = theme.useToken();
  return (
    <figure className="wechat-screen">
      <div className="wechat-screen-head" style={{ background: token.colorFillTertiary, color: token.colorTextDescription }} lang="zh-Hans">{title}</div>
      <dl>
        {rows.map(({ label, value, copy, marked }) => (
          <div key={label} className={marked ? 'wechat-screen-marked' : undefined}>
            <dt lang="zh-Hans" style={{ color: token.colorTextDescription }}>{label}</dt>
            <dd><span className="code">{value}</span>{copy && <Copy text={copy} label={label} />}</dd>
          </div>
        ))}
      </dl>
      <figcaption style={{ color: token.colorTextDescription }}>{caption}</figcaption>
    </figure>
  );
}
