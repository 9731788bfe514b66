import { App } from 'antd';
import { useMemo } from 'react';

import { ApiError } from '../api/client';
import { useReason } from './states';

/** Says in passing that something is done, done in part, or why it is not. */
export function useSay() {
  const { message } = App.useApp();
  const reason = useReason();
  return useMemo(() => ({
    done: (text: string) => void message.success(text),
    warn: (text: string) => void message.warning(text, 6),
    failed: (err: unknown) => {
      // The session guard speaks about those.
      if (err instanceof ApiError && err.everywhere) return;
      void message.error(reason(err), 6);
    },
    // reason changes with the language only, and then all is drawn anew.
  }), [message, reason]);
}
