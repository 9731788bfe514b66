import { Alert, Card, Flex, Tag, Timeline, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/client';
import { useGet } from '../../api/query';
import { formatTime } from '../../i18n/format';
import { Copy, Empty, Facts, Go, Loading, Page, Problem, useParam } from '../../shell';
import { Context } from './Context';
import { Explained } from './Explained';
import type { EventRow, Mark, Story } from './types';
import { actionColour, actionName } from './words';
import './events.css';

/** The whole story of one sign-in, by the support code that a person read out. */
export default function TracePage() {
  const { t } = useTranslation();
  const code = useParam('code').toUpperCase();
  const { data, error, refetch } = useGet<Story>(`flows/traces/${encodeURIComponent(code)}`);
  const back = { to: 'events', label: t('events.title') };
  const title = t('events.trace.title', { code });
  if (error instanceof ApiError && error.status === 404) {
    return <Page title={title} back={back}><Empty title={t('events.trace.none')} text={t('events.trace.noneText')} /></Page>;
  }
  if (error) return <Page title={title} back={back}><Problem error={error} onRetry={() => void refetch()} /></Page>;
  if (!data) return <Page title={title} back={back}><Loading /></Page>;
  const [first] = data.events;
  const explanation = data.events.findLast((event) => event.explanation)?.explanation;
  const fault = endedBadly(data.events);
  const who = data.events.find(({ user }) => user.username)?.user;
  const agent = data.events.map(({ context }) => (context.http_request as { user_agent?: string } | undefined)?.user_agent).find(Boolean);
  return (
    <Page title={title} subtitle={first && formatTime(first.created)} back={back} actions={<Copy text={code} label={t('shell.supportCode')} />}>
      <Flex vertical gap="large">
        {explanation && <Explained explanation={explanation} />}
        {!explanation && fault && <Alert type="warning" showIcon title={actionName(t, fault.action)} />}
        {!explanation && !fault && <Alert type="success" showIcon title={t('events.trace.well')} />}
        <Facts
          items={[
            { label: t('events.column.user'), value: who?.pk ? <Go to={`users/${who.pk}`}>{who.username}</Go> : who?.username },
            { label: t('events.column.ip'), value: first?.client_ip },
            { label: t('events.trace.browser'), value: agent && <bdi>{agent}</bdi> },
          ]}
        />
        <Card title={<h2 className="card-title">{t('events.trace.steps')}</h2>}>
          {data.trace.length === 0 ? <Empty title={t('events.trace.noSteps')} text={t('events.trace.noStepsText')} /> : <Steps marks={data.trace} />}
        </Card>
        <Card title={<h2 className="card-title">{t('events.trace.events')}</h2>}>
          <Timeline items={data.events.map((event) => ({ key: event.pk, color: actionColour(event.action) === 'default' ? 'gray' : actionColour(event.action), content: <Recorded event={event} /> }))} />
        </Card>
      </Flex>
    </Page>
  );
}

/** The last event that went wrong, unless the person came in all the same: a wrong password is typed, then the right one. */
function endedBadly(events: EventRow[]): EventRow | undefined {
  const at = events.findLastIndex(({ action }) => ['red', 'orange'].includes(actionColour(action)));
  return events.slice(at).some(({ action }) => action === 'login') ? undefined : events[at];
}

function Recorded({ event }: { event: EventRow }) {
  const { t } = useTranslation();
  return (
    <>
      <Flex gap="small" wrap><Go to={`events/${event.pk}`}>{actionName(t, event.action)}</Go><Typography.Text type="secondary">{formatTime(event.created)}</Typography.Text></Flex>
      <Context value={event.context} label={t('events.detailsOf', { what: actionName(t, event.action) })} />
    </>
  );
}

const colours: Record<string, string> = { refused: 'red', failed: 'red', skipped: 'gray', done: 'green', answered: 'green', mapped: 'blue', called: 'blue' };

/** What the server did, step by step. */
function Steps({ marks }: { marks: Mark[] }) {
  const { t } = useTranslation();
  return (
    <Timeline
      mode="start"
      items={marks.map((mark, i) => ({
        key: i,
        color: colours[mark.did] ?? 'gray',
        content: (
          <Flex gap="small" wrap align="baseline" className="trace-step">
            <Typography.Text type="secondary" className="trace-at">{t('events.trace.at', { seconds: (mark.at / 1000).toFixed(2) })}</Typography.Text>
            <strong>{t(`events.did.${mark.did.replace(' ', '_')}`)}</strong>
            {mark.stage && <span>{mark.stage}</span>}
            {mark.flow && <Go to={`flows/${mark.flow}`}><Tag>{mark.flow}</Tag></Go>}
            {(mark.rule || mark.detail || mark.reason) && <Typography.Text code>{mark.rule || mark.detail || mark.reason}</Typography.Text>}
            {mark.took !== undefined && <Typography.Text type="secondary">{t('events.trace.took', { ms: (mark.took / 1000).toFixed(1) })}</Typography.Text>}
          </Flex>
        ),
      }))}
    />
  );
}
