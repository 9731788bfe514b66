import { WechatOutlined } from '@ant-design/icons';
import { Button, Col, Flex, Row, Segmented, Statistic, theme, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet, useList } from '../../api/query';
import { Empty, Go, Loading, Page, Problem, useAddress, useGo } from '../../shell';
import { AttentionList } from './AttentionList';
import { Chart } from './Chart';
import { Failures } from './Failures';
import { GoOn } from './GoOn';
import { Recent } from './Recent';
import type { Attention, SignIns } from './types';
import './dashboard.css';

const spans = ['7', '14', '30', '90'];

/** The first page: how people come in, what keeps them out, and what needs the administrator. */
export default function Dashboard() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const days = spans.includes(address.days ?? '') ? address.days! : '14';
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const signIns = useGet<SignIns>('admin/sign_ins', { days, tz: zone });
  const attention = useGet<Attention[]>('admin/attention');
  const sources = useList('sources/all', { page_size: 1 });
  return (
    <Page
      title={t('dashboard.title')}
      actions={(
        <Segmented
          aria-label={t('dashboard.span')}
          value={days}
          options={spans.map((value) => ({ value, label: t('dashboard.days', { count: Number(value) }) }))}
          onChange={(value) => change({ days: value })}
        />
      )}
    >
      <Flex vertical gap="large">
        {sources.data?.pagination.count === 0 && <Begin />}
        {signIns.data && <GoOn series={signIns.data.series} />}
        {attention.data && <AttentionList items={attention.data} />}
        {signIns.error && !signIns.data && <Problem error={signIns.error} onRetry={() => void signIns.refetch()} />}
        {!signIns.data && !signIns.error && <Loading />}
        {signIns.data && <Numbers today={signIns.data.today} />}
        {signIns.data && (
          <Panel title={t('dashboard.signIns')}>
            <Chart days={signIns.data.days} series={signIns.data.series} />
          </Panel>
        )}
        <Row gutter={[24, 24]}>
          <Col xs={24} xl={12}>
            <Panel title={t('dashboard.failures')} extra={<Go to="events?actions=login_failed">{t('dashboard.all')}</Go>}>
              {signIns.data && <Failures failures={signIns.data.failures} />}
            </Panel>
          </Col>
          <Col xs={24} xl={12}>
            <Panel title={t('dashboard.recent')} extra={<Go to="events?actions=login">{t('dashboard.all')}</Go>}>
              <Recent />
            </Panel>
          </Col>
        </Row>
      </Flex>
    </Page>
  );
}

/** A box with or without a title. The components' card would bring their tabs along, for the first page to wait for. */
function Panel({ title, extra, children }: { title?: string; extra?: ReactNode; children: ReactNode }) {
  const { token } = theme.useToken();
  return (
    <div className="dashboard-panel" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
      {title && <Flex justify="space-between" align="center" gap="small" className="dashboard-panel-head"><h2 className="card-title">{title}</h2>{extra}</Flex>}
      {children}
    </div>
  );
}

/** There is no source yet: what everything begins with. */
function Begin() {
  const { t } = useTranslation();
  const go = useGo();
  return (
    <Panel>
      <Empty
        icon={<WechatOutlined />}
        title={t('dashboard.begin.title')}
        text={t('dashboard.begin.text')}
        action={<Button type="primary" size="large" onClick={() => go('welcome')}>{t('dashboard.begin.action')}</Button>}
      />
    </Panel>
  );
}

/** When today began, where the administrator is. */
function midnight(): Date {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

function Numbers({ today }: { today: SignIns['today'] }) {
  const { t } = useTranslation();
  const since = `created__gte=${encodeURIComponent(midnight().toISOString())}`;
  const tiles = [
    { key: 'sign_ins', value: today.sign_ins, to: `events?actions=login&${since}` },
    { key: 'failures', value: today.failures, to: `events?actions=login_failed&${since}` },
    { key: 'enrolled', value: today.enrolled, to: 'users?ordering=-date_joined' },
    { key: 'active_sessions', value: today.active_sessions, to: '' },
    { key: 'people', value: today.people, to: 'users' },
  ];
  return (
    <section aria-label={t('dashboard.today')} className="dashboard-tiles">
      {tiles.map(({ key, value, to }) => (
        <Panel key={key}>
          <Statistic
            title={to ? <Go to={to}>{t(`dashboard.tile.${key}`)}</Go> : <Typography.Text type="secondary">{t(`dashboard.tile.${key}`)}</Typography.Text>}
            value={value}
          />
        </Panel>
      ))}
    </section>
  );
}
