import { BulbOutlined, GlobalOutlined, SearchOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Flex, Grid, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../api/client';
import type { Language } from '../i18n';
import { speak } from '../i18n';
import { type Scheme, useLook } from '../theme';
import { useGo } from './Go';
import { useMe } from './me';
import { useSay } from './say';

/** Languages by their own names. */
const ownNames: Record<Language, string> = { en: 'English', zh: '简体中文' };

/** Language, look and account, at the head of every page. */
export function Controls() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const say = useSay();
  const { scheme, choose } = useLook();
  const client = useQueryClient();
  const wide = Grid.useBreakpoint().md ?? true;
  const name = me.name || me.username;
  const talk = async (language: Language) => {
    try {
      await speak(language);
    } catch {
      return say.warn(t('shell.languageMissing')); // its texts are on the server, which may be away or another version by now
    }
    await call('GET', 'root/config', { query: { lang: language } }).catch(() => {}); // so that the server speaks it too
    return client.invalidateQueries();
  };
  return (
    <Flex gap={4}>
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: [i18n.language],
          items: (Object.keys(ownNames) as Language[]).map((language) => ({
            key: language, label: <span lang={language === 'zh' ? 'zh-Hans' : 'en'}>{ownNames[language]}</span>, onClick: () => void talk(language),
          })),
        }}
      >
        <Button type="text" icon={<GlobalOutlined />} aria-label={t('shell.language')} />
      </Dropdown>
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: [scheme],
          items: (['light', 'dark', 'system'] as Scheme[]).map((key) => ({ key, label: t(`shell.scheme.${key}`), onClick: () => choose(key) })),
        }}
      >
        <Button type="text" icon={<BulbOutlined />} aria-label={t('shell.scheme.label')} />
      </Dropdown>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'account', label: <a href="/if/user/">{t('shell.account')}</a> },
            { key: 'out', label: <a href="/flows/-/default/invalidation/">{t('shell.signOut')}</a> },
          ],
        }}
      >
        <Button type="text" icon={<UserOutlined />} aria-label={t('shell.accountOf', { name })}>{wide ? name : null}</Button>
      </Dropdown>
    </Flex>
  );
}

/** People read a support code out to the administrator, who types it here: with or without the dash, in small letters too. */
export function SupportCode() {
  const { t } = useTranslation();
  const go = useGo();
  const [text, setText] = useState('');
  const find = () => {
    const letters = text.toUpperCase().replace(/[^0-9A-Z]/g, '');
    if (letters.length !== 8) {
      if (letters) go(`events?search=${encodeURIComponent(text.trim())}`);
      return;
    }
    setText('');
    go(`traces/${letters.slice(0, 4)}-${letters.slice(4)}`);
  };
  return (
    <Input
      type="search"
      value={text}
      onChange={(e) => setText(e.target.value)}
      onPressEnter={find}
      prefix={<SearchOutlined aria-hidden />}
      placeholder={t('shell.supportCode')}
      aria-label={t('shell.findSupportCode')}
      maxLength={60}
    />
  );
}
