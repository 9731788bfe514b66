import { Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { ResourceList } from '../../../list';
import { Empty, Go, When } from '../../../shell';
import type { Flow } from '../data';

interface Run {
  pk: string;
  created: string;
  support_code: string;
  user: { pk?: number; username?: string };
  context: { flow?: string; from?: string; outcome?: string };
}

const colours: Record<string, string> = { done: 'success', refused: 'warning', failed: 'error' };

/** The latest runs that came through a flow: those that began with it and those that came here from another. */
export function Runs({ flow }: { flow: Flow }) {
  const { t } = useTranslation();
  return (
    <ResourceList<Run>
      path="events/events"
      scope="runs"
      label={t('flows.runs')}
      search={false}
      csv={false}
      defaultOrder="-created"
      query={{ flow: flow.slug }}
      columns={[
        { key: 'created', title: t('flows.run.when'), render: ({ created }) => <When time={created} /> },
        {
          key: 'outcome', title: t('flows.run.outcome'),
          render: ({ context: { outcome = '' } }) => <Tag color={colours[outcome] ?? 'default'}>{outcome in colours ? t(`flows.outcome.${outcome}`) : outcome}</Tag>,
        },
        { key: 'user', title: t('flows.run.who'), render: ({ user }) => (user.pk ? <Go to={`users/${user.pk}`}>{user.username}</Go> : <Typography.Text type="secondary">{t('flows.run.nobody')}</Typography.Text>) },
        {
          key: 'flow', title: t('flows.run.began'),
          render: ({ context: { from } }) => (from ? <Go to={`flows/${from}`}>{from}</Go> : t('flows.thisFlow')),
        },
        { key: 'support_code', title: t('flows.run.story'), render: ({ support_code }) => (support_code ? <Go to={`traces/${support_code}`} className="code">{support_code}</Go> : '–') },
      ]}
      empty={<Empty title={t('flows.noRuns')} text={t('flows.noRunsText')} />}
    />
  );
}
