import { CloseCircleFilled, ExclamationCircleFilled, InfoCircleFilled } from '@ant-design/icons';
import { Flex, theme } from 'antd';
import { useTranslation } from 'react-i18next';

import { Go } from '../../shell';
import { byCause } from './attention';
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

/** What needs the administrator, the worst first: a line for each cause, which tells more when it is opened. Nothing stands there when all is well. */
export function AttentionList({ items }: { items: Attention[] }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const causes = byCause(items);
  if (causes.length === 0) return null;
  return (
    <section aria-label={t('dashboard.attention')} className="dashboard-attention" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
      {causes.map(({ cause, level, items: [first, ...rest] }) => (
        <details key={cause}>
          <summary><Level level={level} /> <span>{rest.length === 0 ? first.title : t('dashboard.cause.address', { count: rest.length + 1 })}</span></summary>
          {[first, ...rest].map((item) => <Concern key={`${item.code} ${item.ref} ${item.key}`} item={item} titled={rest.length > 0} />)}
        </details>
      ))}
    </section>
  );
}

function Concern({ item, titled }: { item: Attention; titled: boolean }) {
  const { t } = useTranslation();
  const to = pages[item.ref]?.(item.key);
  return (
    <Flex vertical gap={4} className="dashboard-concern">
      {titled && <strong>{item.title}</strong>}
      <span>{item.text}</span>
      {to !== undefined && <Go to={to} ariaLabel={t('dashboard.lookAt', { what: item.title })}>{t('dashboard.look')}</Go>}
    </Flex>
  );
}

const icons = { error: CloseCircleFilled, warning: ExclamationCircleFilled, info: InfoCircleFilled };

function Level({ level }: Pick<Attention, 'level'>) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const Icon = icons[level];
  return <Icon aria-label={t(`dashboard.level.${level}`)} style={{ color: { error: token.colorError, warning: token.colorWarning, info: token.colorInfo }[level] }} />;
}
