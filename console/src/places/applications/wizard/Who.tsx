import { Alert, Form, Radio, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { ReferenceSelect } from '../../../form/ReferenceSelect';
import type { Answers, Fault } from './answers';

/** Who may use it. */
export function Who({ answers, onChange, fault }: { answers: Answers; onChange: (answers: Answers) => void; fault: Fault | undefined }) {
  const { t } = useTranslation();
  const set = (change: Partial<Answers>) => onChange({ ...answers, ...change });
  return (
    <Form layout="vertical" component={false}>
      <Typography.Title level={2}>{t('applications.wizard.who.title', { name: answers.name })}</Typography.Title>
      <Form.Item>
        <Radio.Group
          vertical
          value={answers.everybody}
          aria-label={t('applications.wizard.who.title', { name: answers.name })}
          onChange={({ target: { value } }) => set({ everybody: value as boolean })}
          options={[{ value: true, label: t('applications.wizard.who.everybody') }, { value: false, label: t('applications.wizard.who.some') }]}
        />
      </Form.Item>
      {!answers.everybody && (
        <>
          <Form.Item label={t('applications.wizard.who.groups')} htmlFor="wizard-groups">
            <ReferenceSelect id="wizard-groups" to="group" multiple create={false} label={t('applications.wizard.who.groups')} value={answers.groups} onChange={(value) => set({ groups: value as string[] })} />
          </Form.Item>
          <Form.Item label={t('applications.wizard.who.users')} htmlFor="wizard-users">
            <ReferenceSelect id="wizard-users" to="user" multiple create={false} label={t('applications.wizard.who.users')} value={answers.users} onChange={(value) => set({ users: value as number[] })} />
          </Form.Item>
          {fault && <Alert type="error" showIcon title={t(fault.key)} />}
        </>
      )}
      <Typography.Paragraph type="secondary">{t('applications.wizard.who.later')}</Typography.Paragraph>
    </Form>
  );
}
