// Links inside the console. Pages are known by their address below /if/admin/, as text: places do not import one another.

import { Link, useLocation, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCallback, useMemo } from 'react';

interface GoProps {
  /** Below /if/admin/, with or without a query: "users/3?tab=sessions". */
  to: string;
  className?: string;
  ariaLabel?: string;
  children: ReactNode;
}

/** Splits "users/3?tab=sessions" into what the router takes. */
function target(to: string) {
  const [path = '', query = ''] = to.replace(/^\//, '').split('?');
  return { to: `/${path}` as string, search: Object.fromEntries(new URLSearchParams(query)) as never };
}

/** A link to another page of the console. */
export function Go({ to, className, ariaLabel, children }: GoProps) {
  return (
    <Link {...target(to)} {...(className && { className })} {...(ariaLabel && { 'aria-label': ariaLabel })}>
      {children}
    </Link>
  );
}

/** Gives a function that goes to another page. */
export function useGo(): (to: string, options?: { replace?: boolean }) => void {
  const navigate = useNavigate();
  return useCallback((to, options) => void navigate({ ...target(to), ...options }), [navigate]);
}

/**
 * A part of the address, as `$pk` in "users/$pk", written as a path of the API takes it. Whoever writes the address could else write "x%2F..%2Fusers%2F3" and lead a page's calls to
 * another object; a key or slug is the same either way.
 */
export function useParam(name: string): string {
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  return encodeURIComponent(params[name] ?? '');
}

export type Address = Record<string, string>;

interface AddressOptions {
  replace?: boolean;
  /** Whether to leave what is not saved was agreed to already. */
  sure?: boolean;
}

/**
 * State that stands in the address bar, so that a page can be shared, reloaded and left by "back". An undefined or empty value takes its name out.
 */
export function useAddress(): [Address, (change: Record<string, string | undefined>, options?: AddressOptions) => void] {
  const { search } = useLocation();
  const router = useRouter();
  const address = useMemo(
    () => Object.fromEntries(Object.entries(search as Record<string, unknown>).map(([name, value]) => [name, String(value)])),
    [search],
  );
  const change = useCallback((change: Record<string, string | undefined>, options?: AddressOptions) => {
    const now = router.state.location.search as Record<string, unknown>;
    const next = Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value !== undefined && value !== ''));
    void router.navigate({ to: '.', search: next as never, replace: options?.replace ?? false, ignoreBlocker: options?.sure ?? false });
  }, [router]);
  return [address, change];
}
