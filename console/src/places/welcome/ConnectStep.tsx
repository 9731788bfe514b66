import { useTranslation } from 'react-i18next';

import type { Source } from '../sources/model';
import { AtWeChat } from '../sources/wechat/AtWeChat';
import { Connect } from '../sources/wechat/Connect';
import { seed } from '../sources/wechat/seed';
import '../sources/sources.css';
import '../sources/wechat/wechat.css';

/** The two values from WeChat. */
export function ConnectStep({ onDone }: { onDone: (source: Source) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <details className="sources-gap">
        <summary>{t('wechat.connect.noApp')}</summary>
        <AtWeChat />
        <p>{t('welcome.connect.meanwhile')}</p>
      </details>
      <Connect path={seed.path} preset={{ ...seed.preset, slug: seed.slug }} onDone={onDone} />
    </>
  );
}
