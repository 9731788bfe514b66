import { CheckCircleOutlined } from '@ant-design/icons';
import { Badge, Collapse, Flex, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { Empty, Go, When } from '../../shell';
import type { Failure } from './types';

/** Why people could not sign in, the most frequent cause first, with what can be done about each. */
export function Failures({ failures }: { failures: Failure[] }) {
  const { t } = useTranslation();
  if (failures.length === 0) return <Empty icon={<CheckCircleOutlined />} title={t('dashboard.noFailures')} />;
  return (
    <Collapse
      ghost
      items={failures.map((failure) => ({
        key: `${failure.reason} ${failure.source?.slug ?? ''}`,
        label: (
          <Flex justify="space-between" gap="small">
            <span>{failure.title}{failure.source && <Typography.Text type="secondary"> · {failure.source.name}</Typography.Text>}</span>
            <Badge count={failure.count} overflowCount={9999} color="volcano" />
          </Flex>
        ),
        children: (
          <Flex vertical gap="small">
            <div>{failure.happened}</div>
            <Typography.Text type="secondary">{failure.who} {failure.next}</Typography.Text>
            <div>
              {t('dashboard.lastTime')} <When time={failure.last} />{' '}
              {failure.support_code && <Go to={`traces/${failure.support_code}`}>{failure.support_code}</Go>}
            </div>
            <Go to={`events?reason=${encodeURIComponent(failure.reason)}`}>{t('dashboard.allOfThese')}</Go>
          </Flex>
        ),
      }))}
    />
  );
}
