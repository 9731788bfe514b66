import { App } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../api/client';
import { useReason, useSay } from '../../shell';

/** Says why something was not done. A refusal that says what to do about it stays until it was read; the rest is said in passing. */
export function useRefused(): (err: unknown) => void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const say = useSay();
  const reason = useReason();
  return useCallback((err) => {
    if (!(err instanceof ApiError) || err.status !== 400) return say.failed(err);
    void modal.warning({ title: t('directory.refused'), content: reason(err), okText: t('directory.understood') });
  }, [t, modal, say, reason]);
}
