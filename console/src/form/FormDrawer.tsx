import { App, Drawer } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../api/query';
import { useObject } from '../api/query';
import { Loading, Problem } from '../shell/states';
import type { Form } from './forms';
import { addressOf } from './forms';
import type { SchemaFormProps } from './SchemaForm';
import { SchemaForm } from './SchemaForm';

export interface FormDrawerProps extends Pick<SchemaFormProps, 'only' | 'hidden' | 'labels' | 'notes' | 'widgets' | 'before' | 'after' | 'submit' | 'preset'> {
  form: Form;
  /** Which object is changed, by what stands in its address; without it a new one is made. */
  objectKey?: string | number | undefined;
  title?: string | undefined;
  open: boolean;
  onClose: () => void;
  /** The drawer closes by itself afterwards. */
  onSaved?: ((row: Row) => void) | undefined;
}

/** A form at the side of a page. */
export function FormDrawer({ form, objectKey, title, open, onClose, onSaved, ...rest }: FormDrawerProps) {
  const { t } = useTranslation();
  const leave = useLeave(onClose);
  const changing = objectKey !== undefined;
  return (
    <Drawer
      open={open} size={640} onClose={leave.ask} destroyOnHidden className="form-drawer" mask={{ closable: true }}
      title={title ?? t(changing ? 'form.changeOf' : 'form.newOf', { noun: form.verbose_name })}
    >
      {open && form.description && !changing && <p className="form-description">{form.description}</p>}
      {open && <Content {...rest} form={form} objectKey={objectKey} leave={leave} onSaved={(row) => { onSaved?.(row); onClose(); }} />}
    </Drawer>
  );
}

/** Asks before a drawer is closed in which something was typed. */
export function useLeave(onClose: () => void) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const dirty = useRef(false);
  const ask = () => {
    if (!dirty.current) return onClose();
    void modal.confirm({
      title: t('form.unsaved.title'), content: t('form.unsaved.drawer'), okText: t('form.unsaved.discard'), okButtonProps: { danger: true }, cancelText: t('form.unsaved.stay'),
      autoFocusButton: 'cancel', // so that a hasty Enter throws nothing away
      onOk: () => { dirty.current = false; onClose(); },
    });
    return undefined;
  };
  return { ask, note: (now: boolean) => { dirty.current = now; } };
}

interface ContentProps extends Omit<FormDrawerProps, 'open' | 'onClose' | 'title' | 'onSaved'> {
  leave: ReturnType<typeof useLeave>;
  onSaved: (row: Row) => void;
}

function Content({ form, objectKey, leave, onSaved, ...rest }: ContentProps) {
  const object = useObject(objectKey === undefined ? '' : addressOf(form, objectKey), objectKey !== undefined, form.query);
  if (objectKey !== undefined && object.error && !object.data) return <Problem error={object.error} onRetry={() => void object.refetch()} />;
  if (objectKey !== undefined && !object.data) return <Loading />;
  return <SchemaForm {...rest} form={form} object={objectKey === undefined ? undefined : object.data} onSaved={onSaved} onCancel={leave.ask} onDirty={leave.note} />;
}
