import { App } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

interface Question {
  title: string;
  text: string;
  /** The word on the button that does it. */
  yes: string;
  danger?: boolean;
  /** What is done then. The dialogue waits for it. */
  run?: () => Promise<unknown>;
}

/** Asks before something that can be taken back only by hand, or not at all, and gives the answer. */
export function useSure(): (question: Question) => Promise<boolean> {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return useCallback(async ({ title, text, yes, danger, run }) => {
    const answer = await modal.confirm({
      title, content: text, okText: yes, cancelText: t('directory.cancel'), okButtonProps: { danger: danger ?? false }, mask: { closable: true }, ...(run && { onOk: run }),
    });
    return answer;
  }, [modal, t]);
}
