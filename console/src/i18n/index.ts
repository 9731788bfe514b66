// The console's texts: English and 简体中文, one file for each area and language in src/texts.

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

const load: Record<Language, () => Promise<{ texts: Record<string, unknown> }>> = {
  en: () => import('./en'),
  zh: () => import('./zh'),
};

/** The language that the server speaks to this browser, as it wrote into the page. */
export function serversLanguage(): Language {
  const said = document.querySelector('meta[name="weimen-locale"]')?.getAttribute('content') ?? '';
  return said.startsWith('zh') ? 'zh' : 'en';
}

/** Begins to speak a language; its texts are fetched first. */
export async function speak(language: Language): Promise<void> {
  const { texts } = await load[language]();
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: language,
      fallbackLng: false,
      resources: { [language]: { translation: texts } },
      interpolation: { escapeValue: false }, // React does
      returnNull: false,
    });
  } else {
    i18next.addResourceBundle(language, 'translation', texts);
    await i18next.changeLanguage(language);
  }
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
}
