import { useBlocker } from '@tanstack/react-router';
import { Modal } from 'antd';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';

/** What the address says is open in a drawer: a stage of a flow. */
const opened = (search: unknown) => (search as Record<string, unknown>).stage;

/** Asks before a page is left on which something was typed and not saved. */
export function Guard({ dirty }: { dirty: RefObject<boolean> }) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    // A tab or a filter in the address is no other page; what a drawer holds is.
    shouldBlockFn: ({ current, next }) => dirty.current && (current.pathname !== next.pathname || opened(current.search) !== opened(next.search)),
    enableBeforeUnload: () => dirty.current,
    withResolver: true,
  });
  return (
    <Modal
      open={blocker.status === 'blocked'} title={t('form.unsaved.title')} okText={t('form.unsaved.leave')} cancelText={t('form.unsaved.stay')} okButtonProps={{ danger: true }} cancelButtonProps={{ autoFocus: true }}
      onOk={() => blocker.proceed?.()} onCancel={() => blocker.reset?.()}
    >
      {t('form.unsaved.text')}
    </Modal>
  );
}
