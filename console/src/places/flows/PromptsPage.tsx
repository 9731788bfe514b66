// All fields that prompt stages may ask.

import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useForm, useFormDrawer } from '../../form';
import { ResourceList } from '../../list';
import { Empty, Go, Page, useDestroy, useGo } from '../../shell';
import './kinds/kinds.css';

interface Prompt {
  pk: string;
  name: string;
  field_key: string;
  label: string;
  type: string;
  required: boolean;
  order: number;
  prompt_stages_obj: { pk: string; name: string }[];
}

export default function PromptsPage() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const form = useForm('authentik_stages_prompt.prompt');
  const types = form?.fields.find(({ name }) => name === 'type')?.enum ?? [];
  const typeName = (type: string) => types.find(({ value }) => value === type)?.title ?? type;
  const { open, element } = useFormDrawer();
  const create = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!form} onClick={() => form && open({ form, onSaved: (row) => go(`prompts/${String(row.pk)}`) })}>{t('stages.promptCreate')}</Button>
  );
  const destroyAll = (rows: Prompt[]) =>
    destroy({ noun: t('stages.prompt'), consequence: t('stages.promptDeleteText'), objects: rows.map(({ pk, name }) => ({ path: `stages/prompt/prompts/${pk}`, name })) });
  return (
    <Page title={t('menu.prompts')} subtitle={t('stages.promptsText')} actions={create}>
      <ResourceList<Prompt>
        path="stages/prompt/prompts"
        label={t('menu.prompts')}
        defaultOrder="name"
        to={({ pk }) => `prompts/${pk}`}
        columns={[
          { key: 'name', title: t('flows.name'), sort: true },
          { key: 'label', title: t('stages.promptLabel'), sort: true },
          { key: 'type', title: t('stages.promptType'), sort: true, render: ({ type }) => typeName(type) },
          { key: 'field_key', title: t('stages.promptKey'), sort: true, render: ({ field_key }) => <span className="code">{field_key}</span> },
          { key: 'order', title: t('policies.order'), sort: true },
          {
            key: 'stages', title: t('stages.promptStages'), csv: false,
            render: ({ prompt_stages_obj: asked }) => (asked.length === 0 ? '–' : <span className="stage-flows">{asked.map(({ pk, name }) => <Go key={pk} to={`stages/${pk}`}>{name}</Go>)}</span>),
          },
        ]}
        filters={[{ name: 'type', label: t('stages.promptType'), options: types.map(({ value, title }) => ({ value, label: title })) }]}
        actions={[{ key: 'delete', label: t('stages.promptDelete'), danger: true, many: true, run: (row) => void destroyAll([row]), runMany: destroyAll }]}
        empty={<Empty title={t('stages.promptNone')} text={t('stages.promptsText')} action={create} />}
      />
      {element}
    </Page>
  );
}
