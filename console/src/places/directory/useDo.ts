import { useCallback } from 'react';

import type { Change } from '../../api/query';
import { useChange } from '../../api/query';
import { useSay } from '../../shell/say';
import { useRefused } from './useRefused';

/** Makes a change, says when it is done, and says why when it is refused. It answers whether it was done. */
export function useDo(): (change: Change, said: string) => Promise<boolean> {
  const { mutateAsync } = useChange();
  const say = useSay();
  const refused = useRefused();
  return useCallback(async (change, said) => {
    try {
      await mutateAsync(change);
      say.done(said);
      return true;
    } catch (err) {
      refused(err);
      return false;
    }
  }, [mutateAsync, say, refused]);
}
