import { Alert, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { Go } from '../../shell';
import type { Attention } from './types';

/** Where the pages of nouns are. */
const pages: Record<string, (key: string) => string> = {
  source: (key) => `sources/${key}`,
  application: (key) => `applications/${key || 'new'}`,
  provider: (key) => `providers/${key}`,
  flow: (key) => `flows/${key}`,
  stage: (key) => `stages/${key}`,
  user: (key) => (key ? `users/${key}` : 'users'),
  certificatekeypair: () => 'certificates',
  brand: (key) => `brands/${key}`,
  settings: () => 'settings',
  status: () => 'status',
};

/** What needs the administrator, the worst first. Nothing stands there when all is well. */
export function AttentionList({ items }: { items: Attention[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  const weight = { error: 0, warning: 1, info: 2 };
  const sorted = [...items].sort((a, b) => weight[a.level] - weight[b.level]);
  return (
    <section aria-label={t('dashboard.attention')}>
      <Flex vertical gap="small">
        {sorted.map((item) => {
          const to = pages[item.ref]?.(item.key);
          return (
            <Alert
              key={`${item.code} ${item.ref} ${item.key}`}
              type={item.level}
              showIcon
              title={item.title}
              description={item.text}
              action={to !== undefined && <Go to={to} ariaLabel={t('dashboard.lookAt', { what: item.title })}>{t('dashboard.look')}</Go>}
            />
          );
        })}
      </Flex>
    </section>
  );
}
