import { Form, Input, Radio, Switch } from 'antd';
import { useTranslation } from 'react-i18next';

import { LoginPreview } from '../../../preview/LoginPreview';
import { type Draft, DraftBar } from '../draft';
import { Places } from './Places';
import { Section } from './Section';

/** What people see on the login page: name, size and picture of the button, with the page itself beside. */
export function ButtonTab({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { value, set, faults } = draft;
  const fault = (name: string) => faults[name] && { validateStatus: 'error' as const, help: faults[name]?.join(' ') };
  return (
    <div className="sources-split">
      <div>
        <Section title={t('sources.button.title')} text={t('sources.button.text')}>
          <Form layout="vertical">
            <Form.Item label={t('sources.button.name')} htmlFor="source-name" extra={t('sources.button.nameHelp')} {...fault('name')}>
              <Input id="source-name" value={value.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
            </Form.Item>
            <Form.Item label={t('sources.button.size')} {...fault('promoted')}>
              <Radio.Group
                aria-label={t('sources.button.size')}
                value={value.promoted}
                onChange={(e) => set({ promoted: e.target.value as boolean })}
                options={[{ value: true, label: t('sources.button.large') }, { value: false, label: t('sources.button.small') }]}
              />
            </Form.Item>
            <Form.Item label={t('sources.button.icon')} htmlFor="source-icon" extra={t('sources.button.iconHelp')} {...fault('icon')}>
              <Input id="source-icon" value={value.icon} onChange={(e) => set({ icon: e.target.value.trim() })} placeholder={t('sources.button.iconOwn')} />
            </Form.Item>
            <Form.Item label={t('sources.button.enabled')} htmlFor="source-enabled" extra={t('sources.button.enabledHelp')} {...fault('enabled')}>
              <Switch id="source-enabled" checked={value.enabled} onChange={(enabled) => set({ enabled })} />
            </Form.Item>
          </Form>
        </Section>
        <DraftBar draft={draft} />
        <Section title={t('sources.places.title')} text={t('sources.places.text')}>
          <Places source={value} />
        </Section>
      </div>
      <LoginPreview source={{ slug: value.slug, ...draft.changes }} />
    </div>
  );
}
