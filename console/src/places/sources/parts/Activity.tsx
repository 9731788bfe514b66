import { Flex, Segmented, Tag, theme, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../../api/query';
import { formatDay, formatNumber } from '../../../i18n/format';
import { ResourceList } from '../../../list';
import { Go } from '../../../shell/Go';
import { Empty, Loading, Problem, When } from '../../../shell/states';
import { isMissing } from './Findings';
import { Section } from './Section';

interface SignIns {
  days: string[];
  series: { source: { slug: string; name: string } | null; counts: number[] }[];
  failures: {
    reason: string; title: string; happened: string; who: string; next: string; count: number; last: string; support_code: string;
    source: { slug: string; name: string } | null;
  }[];
}

/** An event, as far as it tells of a sign-in. */
export interface SignInEvent {
  pk: string;
  action: string;
  created: string;
  client_ip: string | null;
  support_code: string;
  user: { pk?: number; username?: string };
  context: Record<string, unknown>;
}

/** What tells of people who came, and of those who did not get in. Changes of a person that go along with a sign-in stand in its trace. */
const telling = [
  'login', 'login_failed', 'source_linked', 'suspicious_request', 'configuration_error', 'configuration_warning', 'policy_exception', 'property_mapping_exception',
  'system_exception',
];

const spans = [7, 30, 90];
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What has happened with a source: how many came, why others did not, and each event. */
export function Activity({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const [days, setDays] = useState(7);
  const { data, error, refetch } = useGet<SignIns>('admin/sign_ins', { days, source: slug, tz: zone() });
  const failures = data?.failures ?? [];
  return (
    <>
      <Section
        title={t('sources.activity.title')}
        actions={<Segmented aria-label={t('sources.activity.span')} value={days} onChange={setDays} options={spans.map((n) => ({ value: n, label: t('sources.activity.days', { n }) }))} />}
      >
        {error && !isMissing(error) && <Problem error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading />}
        {data && <Bars days={data.days} counts={data.days.map((_, i) => data.series.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0))} />}
      </Section>
      <Section title={t('sources.activity.failures')} text={t('sources.activity.failuresText')}>
        {data && failures.length === 0 && <Empty title={t('sources.activity.noFailures')} text={t('sources.activity.noFailuresText')} />}
        <ul className="sources-failures" aria-label={t('sources.activity.failures')}>
          {failures.map((failure) => <Failure key={failure.reason} failure={failure} />)}
        </ul>
      </Section>
      <Section title={t('sources.activity.events')}>
        <ResourceList<SignInEvent>
          path="events/events"
          query={{ source: slug, actions: telling }}
          scope="events"
          defaultOrder="-created"
          label={t('sources.activity.events')}
          empty={<Empty title={t('sources.activity.none')} text={t('sources.activity.noneText')} />}
          columns={[
            { key: 'created', title: t('sources.activity.when'), sort: true, render: ({ created }) => <When time={created} /> },
            { key: 'action', title: t('sources.activity.what'), csv: 'reason', render: (row) => <What event={row} title={failures.find(({ reason }) => reason === row.context.reason)?.title} /> },
            { key: 'user', title: t('sources.activity.person'), csv: 'user.username', render: ({ user }) => (user.pk ? <Go to={`users/${user.pk}`} className="sources-short">{user.username}</Go> : user.username ?? '–') },
            { key: 'client_ip', title: t('sources.activity.from'), render: ({ client_ip: ip }) => ip ?? '–' },
            { key: 'support_code', title: t('sources.activity.code'), render: ({ support_code: code }) => code && <Go to={`traces/${code}`} className="code">{code}</Go> },
          ]}
        />
      </Section>
    </>
  );
}

/** What happened. A refusal bears the title that people read; one that is too old for that, or of no cause that we know, its message. */
function What({ event, title }: { event: SignInEvent; title: string | undefined }) {
  const { t, i18n } = useTranslation();
  const { message, reason } = event.context;
  const refused = typeof reason === 'string' && reason !== '';
  const known = i18n.exists(`sources.activity.action.${event.action}`);
  return (
    <>
      <Tag>{known ? t(`sources.activity.action.${event.action}`) : event.action}</Tag>
      {refused && <span className="sources-reason">{title ?? (typeof message === 'string' ? message : '')} <Typography.Text type="secondary" className="code">{reason}</Typography.Text></span>}
    </>
  );
}

/** One cause, with what can be done about it and the way to the last time it happened. */
function Failure({ failure: { title, happened, who, next, reason, count, last, support_code: code } }: { failure: SignIns['failures'][number] }) {
  const { t } = useTranslation();
  return (
    <li>
      <Flex gap="small" wrap align="baseline">
        <Tag color="error">{t('sources.activity.times', { n: formatNumber(count) })}</Tag>
        <Typography.Text strong>{title || reason}</Typography.Text>
        <Typography.Text type="secondary">{t('sources.activity.last')} <When time={last} /></Typography.Text>
      </Flex>
      <p>{happened} {who} {next}</p>
      <Flex gap="middle" wrap>
        {code && <Go to={`traces/${code}`}>{t('sources.activity.trace', { code })}</Go>}
        <Go to={`events?reason=${encodeURIComponent(reason)}`}>{t('sources.activity.all')}</Go>
      </Flex>
    </li>
  );
}

/** Sign-ins by day as bars, and as a table for those who do not see them. */
function Bars({ days, counts }: { days: string[]; counts: number[] }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const top = Math.max(1, ...counts);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const width = 100 / Math.max(days.length, 1);
  return (
    <figure className="sources-bars">
      <figcaption>{t('sources.activity.total', { n: formatNumber(total) })}</figcaption>
      <svg viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden>
        {counts.map((n, i) => <rect key={days[i]} x={i * width + width * 0.15} width={width * 0.7} y={24 - Math.max(0.4, (n / top) * 23)} height={Math.max(0.4, (n / top) * 23)} fill={n ? token.colorPrimary : token.colorBorder} />)}
      </svg>
      <Flex justify="space-between" aria-hidden><span>{days[0] && formatDay(days[0])}</span><span>{days.at(-1) && formatDay(days.at(-1)!)}</span></Flex>
      <table className="off-screen">
        <caption>{t('sources.activity.title')}</caption>
        <tbody>{days.map((day, i) => <tr key={day}><th scope="row">{formatDay(day)}</th><td>{formatNumber(counts[i] ?? 0)}</td></tr>)}</tbody>
      </table>
    </figure>
  );
}
