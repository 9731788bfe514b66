import { Alert, Collapse, Form, Input, Radio, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { slugOf } from '../../../form/values';
import { usePublic } from '../../../shell';
import type { Recipe, RecipeField } from '../recipes';
import { redirectsOf } from '../recipes';
import type { Answers, Fault } from './answers';
import { cleanValues } from './answers';
import { EmailNote } from './EmailNote';

interface AddressesProps {
  recipe: Recipe;
  answers: Answers;
  onChange: (answers: Answers) => void;
  faults: Record<string, Fault>;
}

/** What it is called, where it is, and what follows from that. */
export function Addresses({ recipe, answers, onChange, faults }: AddressesProps) {
  const { t } = useTranslation();
  const { origin } = usePublic();
  const set = (change: Partial<Answers>) => onChange({ ...answers, ...change });
  const name = recipe.name || t('recipes.generic.name');
  return (
    <Form layout="vertical" component={false} requiredMark={false}>
      <Typography.Title level={2}>{t('applications.wizard.where.title', { name })}</Typography.Title>
      <EmailNote recipe={recipe} name={name} />
      <Field label={t('applications.field.name')} help={t('applications.wizard.where.name')} fault={faults.name}>
        {(id, invalid) => (
          <Input id={id} {...invalid} value={answers.name} onChange={({ target: { value } }) => set({ name: value, ...(!answers.slugTyped && { slug: slugOf(value) || recipe.id.toLowerCase() }) })} />
        )}
      </Field>
      {recipe.fields.map((field) => (
        <Field key={field.name} label={t(`recipes.fields.${field.name}.label`)} help={field.type === 'client' ? undefined : t(`recipes.fields.${field.name}.help`)} fault={faults[field.name]}>
          {(id, invalid) => <RecipeInput id={id} invalid={invalid} field={field} value={answers.values[field.name] ?? ''} onChange={(value) => set({ values: { ...answers.values, [field.name]: value } })} />}
        </Field>
      ))}
      <Redirects addresses={redirectsOf(recipe, cleanValues(recipe, answers.values))} generic={recipe.fields.some(({ type }) => type === 'addresses')} ready={recipe.fields.every(({ name: one, type }) => type !== 'address' || cleanValues(recipe, answers.values)[one])} />
      <Collapse
        ghost
        items={[{
          key: 'more',
          label: t('applications.wizard.where.more'),
          forceRender: true,
          children: (
            <>
              <Field label={t('applications.field.slug')} help={t('applications.wizard.where.slug', { issuer: `${origin}/application/o/${answers.slug || '…'}/` })} fault={faults.slug}>
                {(id, invalid) => <Input id={id} {...invalid} value={answers.slug} onChange={({ target: { value } }) => set({ slug: value.trim(), slugTyped: true })} />}
              </Field>
              <Field label={t('applications.field.description')} help={t('applications.wizard.where.description')}>
                {(id) => <Input id={id} value={answers.description} maxLength={200} onChange={({ target: { value } }) => set({ description: value })} />}
              </Field>
              <Form.Item label={t('applications.wizard.where.consent')}>
                <Radio.Group
                  vertical
                  value={answers.consent}
                  aria-label={t('applications.wizard.where.consent')}
                  onChange={({ target: { value } }) => set({ consent: value as boolean })}
                  options={[{ value: false, label: t('applications.wizard.where.implicit') }, { value: true, label: t('applications.wizard.where.explicit') }]}
                />
              </Form.Item>
            </>
          ),
        }]}
        {...(faults.slug && { activeKey: ['more'] })}
      />
    </Form>
  );
}

type Invalid = { status?: 'error'; 'aria-invalid'?: boolean; 'aria-describedby'?: string };

/** A labelled input with what helps and what is wrong. */
function Field({ label, help, fault, children }: { label: string; help?: string | undefined; fault?: Fault | undefined; children: (id: string, invalid: Invalid) => ReactNode }) {
  const { t } = useTranslation();
  const id = useId();
  const said = fault ? t(fault.key, { address: fault.address }) : '';
  return (
    <Form.Item label={label} htmlFor={id} {...(fault && { validateStatus: 'error' as const, help: <span id={`${id}-help`} role="alert">{said}</span> })} extra={help && <span id={`${id}-extra`}>{help}</span>}>
      {children(id, { ...(fault && { status: 'error', 'aria-invalid': true }), ...((fault || help) && { 'aria-describedby': fault ? `${id}-help` : `${id}-extra` }) })}
    </Form.Item>
  );
}

function RecipeInput({ id, field, value, onChange, invalid }: { id: string; field: RecipeField; value: string; onChange: (value: string) => void; invalid: Invalid }) {
  const { t } = useTranslation();
  switch (field.type) {
    case 'addresses':
      return <Input.TextArea id={id} {...invalid} className="code grows" rows={3} spellCheck={false} value={value} placeholder={t(`recipes.fields.${field.name}.placeholder`)} onChange={(e) => onChange(e.target.value)} />;
    case 'client':
      return (
        <Radio.Group
          id={id}
          vertical
          value={value}
          aria-label={t('recipes.fields.client.label')}
          onChange={(e) => onChange(e.target.value as string)}
          options={['confidential', 'public'].map((one) => ({ value: one, label: t(`recipes.fields.client.${one}`) }))}
        />
      );
    case 'address':
      return <Input id={id} {...invalid} type="url" inputMode="url" autoComplete="url" spellCheck={false} value={value} placeholder={t(`recipes.fields.${field.name}.placeholder`)} onChange={(e) => onChange(e.target.value)} />;
    case 'name':
      return <Input id={id} {...invalid} spellCheck={false} value={value} onChange={(e) => onChange(e.target.value)} />;
  }
}

/** What follows: the addresses that the product uses. */
function Redirects({ addresses, generic, ready }: { addresses: string[]; generic: boolean; ready: boolean }) {
  const { t } = useTranslation();
  if (generic) return null;
  return (
    <Alert
      type="info"
      className="applications-note"
      title={t('applications.wizard.where.redirects')}
      description={ready ? <ul className="applications-uris">{addresses.map((address) => <li key={address}><code>{address}</code></li>)}</ul> : t('applications.wizard.where.redirectsLater')}
    />
  );
}
