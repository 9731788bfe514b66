// The login page as it would look, drawn by the server into a frame that can do nothing.

import './preview.css';

import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Segmented, Spin, theme } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, ask } from '../api/client';
import type { Row } from '../api/query';
import { useLook } from '../theme';

/** Asks for the page as text: the API answers everything else as JSON. */
async function drawn(body: unknown, signal: AbortSignal): Promise<string> {
  const answer = await ask('core/brands/preview/', {
    method: 'POST', signal, headers: { 'Content-Type': 'application/json', Accept: 'text/html, application/json' }, body: JSON.stringify(body),
  });
  return answer.text();
}

/** Whether the server is one that draws no previews. */
const isMissing = (err: unknown) => err instanceof ApiError && [404, 405, 501].includes(err.status);

/** The value a moment after it stopped changing. */
function useSettled<T>(value: T, wait = 350): T {
  const [settled, settle] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(JSON.parse(text) as T), wait);
    return () => clearTimeout(timer);
  }, [text, wait]);
  return settled;
}

interface LoginPreviewProps {
  source?: Row | undefined;
  brand?: Row | undefined;
  /** The look that the page has on every device; without one it can be looked at in both. */
  look?: 'light' | 'dark' | undefined;
}

/** The login page as a draft of a brand, or of a source whose button stands on it, would have it. */
export function LoginPreview({ source, brand = {}, look: fixed }: LoginPreviewProps) {
  const { t, i18n } = useTranslation();
  const look = useLook();
  const { token } = theme.useToken();
  const [dark, setDark] = useState(look.dark);
  const [language, setLanguage] = useState(i18n.language === 'zh' ? 'zh-Hans' : 'en');
  const [width, setWidth] = useState<'wide' | 'phone'>('wide');
  const body = useSettled({ brand, ...(source && { source }), theme: dark ? 'dark' : 'light', locale: language });
  const { data, error, isFetching } = useQuery({
    queryKey: ['core', 'brands', 'preview', body],
    queryFn: ({ signal }) => drawn(body, signal),
    placeholderData: (before) => before,
    retry: false,
  });
  return (
    <figure className="preview">
      <Flex gap="small" wrap className="preview-bar">
        <Segmented aria-label={t('preview.size')} value={width} onChange={setWidth} options={[{ value: 'wide', label: t('preview.wide') }, { value: 'phone', label: t('preview.phone') }]} />
        <Segmented
          aria-label={t('preview.look')}
          value={fixed ? fixed === 'dark' : dark}
          disabled={fixed !== undefined}
          onChange={setDark}
          options={[{ value: false, label: t('preview.light') }, { value: true, label: t('preview.dark') }]}
        />
        <Segmented
          aria-label={t('preview.language')}
          value={language}
          onChange={setLanguage}
          options={[{ value: 'zh-Hans', label: '中文' }, { value: 'en', label: 'English' }]}
        />
      </Flex>
      {error && (isMissing(error)
        ? <Alert type="info" showIcon title={t('preview.missing')} />
        : <Alert type="warning" showIcon title={t('preview.refused')} description={error.message} />)}
      {!error && (
        <Spin spinning={isFetching} delay={300}>
          <div className={width === 'phone' ? 'preview-frame preview-frame-phone' : 'preview-frame'} style={{ borderColor: token.colorBorder }}>
            {data !== undefined && <iframe sandbox="" srcDoc={data} title={t('preview.title')} />}
          </div>
        </Spin>
      )}
      <figcaption>{t('preview.caption')}</figcaption>
    </figure>
  );
}
