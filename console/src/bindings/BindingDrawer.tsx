import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import { FormDrawer } from '../form/FormDrawer';
import { useForm } from '../form/forms';
import { useSay } from '../shell';
import type { Binding, Sort } from './binding';
import { nameOf } from './binding';

interface BindingDrawerProps {
  target: string;
  sort: Sort;
  /** The binding to be changed; a new one without. */
  binding?: Binding;
  /** The order that a new one gets. */
  next: number;
  onClose: () => void;
}

/** Groups and people answer at once and cannot fail: what is about waiting and failing is asked of policies only. */
const fields: Record<Sort, string[]> = {
  policy: ['policy', 'order', 'negate', 'enabled', 'timeout', 'failure_result'],
  group: ['group', 'order', 'negate', 'enabled'],
  user: ['user', 'order', 'negate', 'enabled'],
};

/** A binding in a form. */
export function BindingDrawer({ target, sort, binding, next, onClose }: BindingDrawerProps) {
  const { t } = useTranslation();
  const say = useSay();
  const form = useForm('PolicyBinding');
  if (!form) return null;
  return (
    <FormDrawer
      open
      form={form}
      title={binding ? t('bindings.editOf', { name: nameOf(binding) }) : t(`bindings.add.${sort}`)}
      {...(binding ? { objectKey: binding.pk } : { preset: { target, order: next } })}
      only={fields[sort]}
      before={<Alert type="info" showIcon className="bindings-explained" title={t(`bindings.explain.${sort}`)} />}
      onSaved={() => say.done(t('bindings.saved'))}
      onClose={onClose}
    />
  );
}
