import { Card, Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../api/query';
import { formatAgo, formatBytes, formatNumber, formatTime } from '../../i18n/format';
import { type Fact, Facts, Loading, Page, Problem } from '../../shell';

interface Answer {
  version: string;
  started: string;
  runtime: string;
  memory_bytes: number;
  database: { dialect: string; version: string; size_bytes: number };
  snapshot: { version: number; objects: number };
  url: string;
  https: boolean;
  mail: { configured: boolean; from: string };
  geoip: { city: boolean; asn: boolean };
  counts: Record<string, number>;
}

/** How the server does: what an administrator looks at first, and copies into a report of a fault. */
export default function Status() {
  const { t } = useTranslation();
  const { data, error, refetch } = useGet<Answer>('admin/status');
  return (
    <Page title={t('menu.status')} subtitle={t('system.status.text')} narrow>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading />}
      {data && <Parts status={data} />}
    </Page>
  );
}

function Parts({ status }: { status: Answer }) {
  const { t } = useTranslation();
  const there = (yes: boolean) => (yes ? <Tag color="green">{t('system.status.there')}</Tag> : <Tag>{t('system.status.notThere')}</Tag>);
  const parts: { title: string; facts: Fact[] }[] = [
    {
      title: t('system.status.server'),
      facts: [
        { label: t('system.status.version'), value: <bdi>{status.version}</bdi> },
        { label: t('system.status.started'), value: `${formatTime(status.started)} (${formatAgo(status.started)})` },
        { label: t('system.status.url'), value: status.url },
        { label: t('system.status.memory'), value: formatBytes(status.memory_bytes) },
        { label: t('system.status.runtime'), value: <bdi>{status.runtime}</bdi> },
        { label: t('system.status.objects'), value: formatNumber(status.snapshot.objects) },
      ],
    },
    {
      title: t('system.status.database'),
      facts: [
        { label: t('system.status.dialect'), value: <bdi>{`${status.database.dialect} ${status.database.version}`}</bdi> },
        { label: t('system.status.size'), value: formatBytes(status.database.size_bytes) },
        ...Object.entries(status.counts).map(([name, count]) => ({ label: t(`system.count.${name}`), value: formatNumber(count) })),
      ],
    },
    {
      title: t('system.status.around'),
      facts: [
        { label: t('system.status.mail'), value: status.mail.configured ? status.mail.from : there(false) },
        { label: t('system.status.city'), value: there(status.geoip.city) },
        { label: t('system.status.asn'), value: there(status.geoip.asn) },
      ],
    },
  ];
  return (
    <Flex vertical gap="large">
      {parts.map(({ title, facts }) => <Card key={title} title={<h2 className="card-title">{title}</h2>}><Facts items={facts} /></Card>)}
    </Flex>
  );
}
