import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { formFor, useForms } from '../../form/forms';
import { Go } from '../../shell/Go';
import { Loading, Problem } from '../../shell/states';
import { type Source, useSource } from '../sources/model';
import { AtWeChat, WhereCredentials } from '../sources/wechat/AtWeChat';
import { Connect } from '../sources/wechat/Connect';
import { seed } from '../sources/wechat/seed';
import { Credentials } from '../sources/wechat/SetUp';
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

/** The two values of a source that is there: one of them may have been the wrong one. */
export function CorrectStep({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useSource(seed.path, slug);
  const forms = useForms();
  const form = data && formFor(forms.data ?? [], data.data);
  const fault = error ?? forms.error;
  if (fault && !form) return <Problem error={fault} onRetry={() => void Promise.all([refetch(), forms.refetch()])} />;
  if (!data || !form) return <Loading />;
  const { data: source, etag } = data;
  return (
    <>
      <Typography.Paragraph>{t('welcome.connect.done', { name: source.name })}</Typography.Paragraph>
      <div className="wechat-two">
        <Credentials key={source.pk} source={source} form={form} {...(etag && { etag })} />
        <WhereCredentials />
      </div>
      <p><Go to={`sources/${source.slug}`} className="welcome-link">{t('welcome.connect.open')}</Go></p>
    </>
  );
}
