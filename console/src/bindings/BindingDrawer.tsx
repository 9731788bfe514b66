import { Alert, Drawer } from 'antd';
import { useTranslation } from 'react-i18next';

import { useObject } from '../api/query';
import { SchemaForm, useForm } from '../form';
import { Loading, Problem, useSay } from '../shell';
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
  const { data, error, refetch } = useObject(`policies/bindings/${binding?.pk}`, !!binding);
  const saved = () => {
    say.done(t('bindings.saved'));
    onClose();
  };
  return (
    <Drawer open size={480} destroyOnHidden onClose={onClose} title={binding ? t('bindings.editOf', { name: nameOf(binding) }) : t(`bindings.add.${sort}`)}>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : !form || (binding && !data) ? <Loading /> : (
        <SchemaForm
          form={form}
          {...(binding && data ? { object: data } : { preset: { target, order: next, enabled: true, timeout: 30 } })}
          only={fields[sort]}
          before={<Alert type="info" showIcon className="bindings-explained" title={t(`bindings.explain.${sort}`)} />}
          onSaved={saved}
          onCancel={onClose}
        />
      )}
    </Drawer>
  );
}
