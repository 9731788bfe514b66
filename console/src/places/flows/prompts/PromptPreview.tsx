// A field as people meet it, drawn from what is typed into its form.

import { Alert, Checkbox, DatePicker, Divider, Input, InputNumber, Radio, Select, Typography, Upload } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';

interface Asked {
  label: string;
  placeholder: string;
  initial: string;
  choices: { value: string; label: string }[];
}

/** Choices are written one a line. */
const choicesOf = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean).map((value) => ({ value, label: value }));

const line = (type: string) => function Line({ label, placeholder, initial }: Asked) {
  return <Input type={type} aria-label={label} placeholder={placeholder} defaultValue={initial} autoComplete="off" />;
};

function Lines({ label, placeholder, initial }: Asked) {
  return <Input.TextArea rows={3} aria-label={label} placeholder={placeholder} defaultValue={initial} />;
}

/** How each type of prompt looks. What is not named is a line of text. */
const looks: Record<string, (asked: Asked) => ReactNode> = {
  text_area: Lines,
  text_read_only: ({ label, initial }) => <Input readOnly aria-label={label} defaultValue={initial} />,
  text_area_read_only: ({ label, initial }) => <Input.TextArea readOnly rows={3} aria-label={label} defaultValue={initial} />,
  email: line('email'),
  password: line('password'),
  number: ({ label, placeholder, initial }) => <InputNumber aria-label={label} placeholder={placeholder} defaultValue={initial} />,
  checkbox: ({ label, initial }) => <Checkbox defaultChecked={initial !== '' && initial !== 'false'}>{label}</Checkbox>,
  'radio-button-group': ({ label, choices, initial }) => <Radio.Group aria-label={label} options={choices} defaultValue={initial} />,
  dropdown: ({ label, choices, initial }) => <Select aria-label={label} options={choices} {...(initial && { defaultValue: initial })} />,
  'ak-locale': ({ label }) => <Select aria-label={label} defaultValue="zh" options={[{ value: 'zh', label: '简体中文' }, { value: 'en', label: 'English' }]} />,
  date: ({ label, placeholder }) => <DatePicker aria-label={label} placeholder={placeholder} />,
  'date-time': ({ label, placeholder }) => <DatePicker showTime aria-label={label} placeholder={placeholder} />,
  file: ({ label }) => <Upload beforeUpload={() => false} aria-label={label}><Typography.Link>{label}</Typography.Link></Upload>,
  separator: () => <Divider />,
  static: ({ initial }) => <Typography.Paragraph>{initial}</Typography.Paragraph>,
};

/** Types whose name does not stand above them. */
const nameless = ['checkbox', 'separator', 'file'];

export function PromptPreview({ values }: { values: Row }) {
  const { t } = useTranslation();
  const text = (name: string) => String(values[name] ?? '');
  const type = text('type');
  const computed = values.placeholder_expression === true || values.initial_value_expression === true;
  const placeholder = values.placeholder_expression ? '' : text('placeholder');
  const asked: Asked = {
    label: text('label') || text('field_key'), placeholder, initial: values.initial_value_expression ? '' : text('initial_value'), choices: choicesOf(placeholder),
  };
  const Look = looks[type] ?? line('text');
  return (
    <section className="prompt-preview" aria-label={t('stages.promptPreview')}>
      <Typography.Title level={2}>{t('stages.promptPreview')}</Typography.Title>
      {type === 'hidden' ? <Typography.Text type="secondary">{t('stages.promptHidden')}</Typography.Text> : (
        <div className="prompt-preview-field" key={`${type} ${asked.initial}`}>
          {!nameless.includes(type) && <Typography.Text strong>{asked.label}{values.required === true && <span aria-hidden> *</span>}</Typography.Text>}
          {Look(asked)}
          {text('sub_text') && <Typography.Text type="secondary">{text('sub_text')}</Typography.Text>}
        </div>
      )}
      {computed && <Alert type="info" showIcon className="prompt-preview-note" title={t('stages.promptComputed')} />}
    </section>
  );
}
