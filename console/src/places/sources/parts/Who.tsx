import { ArrowRightOutlined, CheckCircleFilled, StopFilled } from '@ant-design/icons';
import { Form, Input, Radio, theme } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useList } from '../../../api/query';
import { Bindings } from '../../../bindings/Bindings';
import { ReferenceSelect } from '../../../form';
import { type Draft, DraftBar } from '../draft';
import { type Matching, useFlows } from '../model';
import { type Sentence, sentences } from '../sentences';
import { Section } from './Section';

const modes: Matching[] = ['identifier', 'email_link', 'email_deny', 'username_link', 'username_deny'];

interface WhoProps {
  draft: Draft;
  /** What else is to be known about people of this upstream. */
  note?: ReactNode;
}

/** Who is let in and as whom: the settings beside what they come to. */
export function Who({ draft, note }: WhoProps) {
  const { t } = useTranslation();
  const { value, set, faults } = draft;
  const flows = useFlows();
  const bound = useList('policies/bindings', { target: value.pk, page_size: 1 });
  const fault = (name: string) => faults[name] && { validateStatus: 'error' as const, help: faults[name]?.join(' ') };
  const flow = (pk: string | null) => flows.data?.results.find((one) => one.pk === pk)?.name ?? t('sources.who.aFlow');
  const told = sentences(value, { flow, policies: bound.data?.pagination.count ?? 0 });
  return (
    <>
      <Section title={t('sources.who.title')} text={t('sources.who.text')}>
        <div className="sources-split">
          <Form layout="vertical">
            <Form.Item label={t('sources.who.known')} extra={t('sources.who.knownHelp')} {...fault('authentication_flow')}>
              <ReferenceSelect to="flow" nullable label={t('sources.who.known')} value={value.authentication_flow} query={{ designation: 'authentication' }} onChange={(pk) => set({ authentication_flow: pk as string | null })} />
            </Form.Item>
            <Form.Item label={t('sources.who.new')} extra={t('sources.who.newHelp')} {...fault('enrollment_flow')}>
              <ReferenceSelect to="flow" nullable label={t('sources.who.new')} value={value.enrollment_flow} query={{ designation: 'enrollment' }} onChange={(pk) => set({ enrollment_flow: pk as string | null })} />
            </Form.Item>
            <Form.Item label={t('sources.who.matching')} {...fault('user_matching_mode')}>
              <Radio.Group
                className="sources-modes"
                aria-label={t('sources.who.matching')}
                value={value.user_matching_mode}
                onChange={(e) => set({ user_matching_mode: e.target.value as Matching })}
                options={modes.map((mode) => ({ value: mode, label: t(`sources.who.mode.${mode}`) }))}
              />
            </Form.Item>
            <Form.Item label={t('sources.who.path')} htmlFor="source-path" extra={t('sources.who.pathHelp')} {...fault('user_path_template')}>
              <Input id="source-path" value={value.user_path_template} onChange={(e) => set({ user_path_template: e.target.value })} />
            </Form.Item>
          </Form>
          <Story sentences={told} note={note} />
        </div>
      </Section>
      <Section title={t('sources.policies.title')} text={t('sources.policies.text')}>
        {(bound.data?.pagination.count ?? 0) > 1 && <Form.Item label={t('sources.policies.mode')}>
          <Radio.Group
            aria-label={t('sources.policies.mode')}
            value={value.policy_engine_mode}
            onChange={(e) => set({ policy_engine_mode: e.target.value as 'any' | 'all' })}
            options={[{ value: 'any', label: t('sources.policies.any') }, { value: 'all', label: t('sources.policies.all') }]}
          />
        </Form.Item>}
        <Bindings target={value.pk} label={t('sources.policies.title')} mode={value.policy_engine_mode} none={t('sources.policies.none')} />
      </Section>
      <DraftBar draft={draft} />
    </>
  );
}

/** The sentences, read out anew when they change. */
function Story({ sentences: told, note }: { sentences: Sentence[]; note: ReactNode }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const sign = {
    in: <CheckCircleFilled style={{ color: token.colorSuccess }} role="img" aria-label={t('sources.who.in')} />,
    out: <StopFilled style={{ color: token.colorError }} role="img" aria-label={t('sources.who.out')} />,
    note: <ArrowRightOutlined style={{ color: token.colorTextDescription }} aria-hidden />,
  };
  return (
    <aside className="sources-story" style={{ background: token.colorFillQuaternary }} aria-label={t('sources.who.story')}>
      <h3>{t('sources.who.story')}</h3>
      <ol aria-live="polite">
        {told.map(({ key, tone, args }) => <li key={key}>{sign[tone]}<span>{t(`sources.who.say.${key}`, args)}</span></li>)}
      </ol>
      {note}
    </aside>
  );
}
