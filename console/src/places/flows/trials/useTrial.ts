import { useMutation } from '@tanstack/react-query';

import type { ApiError } from '../../../api/client';
import { call } from '../../../api/client';
import type { Row } from '../../../api/query';

/** Asks the server to try something out. Nothing is changed by it, so nothing is read anew. */
export function useTrial<T>(path: string) {
  return useMutation<T, ApiError, Row>({
    mutationFn: (body) => call<T>('POST', path, { body }).then(({ data }) => data),
  });
}
