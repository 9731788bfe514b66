// Looks: light and dark, in the console's own colour.

import { App, ConfigProvider, theme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { nonce } from './nonce';

export type Scheme = 'light' | 'dark' | 'system';

const kept = 'weimen.scheme';

interface Look {
  scheme: Scheme;
  dark: boolean;
  choose: (scheme: Scheme) => void;
}

const LookContext = createContext<Look>({ scheme: 'system', dark: false, choose: () => {} });

/** The look that is chosen, and how to choose another. */
export const useLook = () => useContext(LookContext);

/** Whether the system is as a media query asks, now and later. */
function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = () => setMatches(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [query]);
  return matches;
}

export function Looks({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const [scheme, setScheme] = useState<Scheme>(() => (localStorage.getItem(kept) as Scheme | null) ?? 'system');
  const system = useMedia('(prefers-color-scheme: dark)');
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const isDark = scheme === 'dark' || (scheme === 'system' && system);
  useEffect(() => {
    document.documentElement.dataset.scheme = isDark ? 'dark' : 'light';
  }, [isDark]);
  const look = useMemo(() => ({
    scheme,
    dark: isDark,
    choose: (next: Scheme) => {
      localStorage.setItem(kept, next);
      setScheme(next);
    },
  }), [scheme, isDark]);
  return (
    <LookContext value={look}>
      <ConfigProvider
        csp={{ nonce }}
        button={{ autoInsertSpace: false }}
        locale={i18n.language === 'zh' ? zhCN : enUS}
        theme={{
          algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
          token: {
            colorPrimary: isDark ? '#3cc98a' : '#0a7a4b',
            // Dark letters on the light green of buttons in the dark.
            ...(isDark && { colorTextLightSolid: '#06251a', colorError: '#ff8080' }),
            colorLink: isDark ? '#3cc98a' : '#0a7a4b',
            colorTextPlaceholder: isDark ? '#9a9a9a' : '#6b6b6b',
            colorTextDescription: isDark ? '#a8a8a8' : '#5f5f5f',
            // Darker than the components' own, so that small letters on tints of them can be read (WCAG 2.2, 1.4.3).
            ...(!isDark && {
              colorPrimaryBg: '#e6f5ee', colorPrimaryBgHover: '#d3eede', colorPrimaryBorder: '#9fd8bd', colorPrimaryBorderHover: '#6fc3a0',
              colorError: '#cf1322', colorErrorBg: '#fff1f0', colorErrorBorder: '#ffb3ad', colorErrorBgHover: '#ffe4e1', colorErrorHover: '#e0383f', colorErrorBgFilledHover: '#ffdcd8',
            }),
            borderRadius: 8,
            // The components must know: they would wait for the end of movements that base.css takes away.
            motion: !still,
            fontFamily: 'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
          },
          components: {
            Menu: {
              itemHeight: 36,
              itemMarginBlock: 2,
              itemSelectedBg: isDark ? '#12382a' : '#dff3e9',
              itemSelectedColor: isDark ? '#7fe3b7' : '#07593a',
              groupTitleFontSize: 12,
              groupTitleColor: isDark ? '#a8a8a8' : '#5f5f5f',
              itemBg: 'transparent',
            },
          },
        }}
      >
        <App>{children}</App>
      </ConfigProvider>
    </LookContext>
  );
}
