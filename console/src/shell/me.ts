// Who uses the console, and of which server.

import { createContext, useContext } from 'react';

/** The signed-in person, as the API answers at core/users/me. */
export interface Me {
  pk: number;
  username: string;
  name: string;
  is_superuser: boolean;
}

export const MeContext = createContext<Me | null>(null);

/** Who is signed in. Pages are only shown to somebody. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside of the shell');
  return me;
}

/** Where the server stands for the people who sign in: the console is served from there. */
export const usePublic = () => ({ origin: window.location.origin });
