/** A source as the dashboard names it. */
export interface SourceName {
  slug: string;
  name: string;
}

/** How people signed in over some days (admin/sign_ins). */
export interface SignIns {
  days: string[];
  today: { sign_ins: number; failures: number; enrolled: number; active_sessions: number; people: number };
  /** One for each source; null is by password or passkey. */
  series: { source: SourceName | null; counts: number[] }[];
  failures: Failure[];
}

/** A cause for which people could not sign in, explained as they read it. */
export interface Failure {
  reason: string;
  title: string;
  happened: string;
  who: string;
  next: string;
  count: number;
  last: string;
  support_code: string;
  source: SourceName | null;
}

/** Something that needs the administrator (admin/attention). */
export interface Attention {
  code: string;
  level: 'error' | 'warning' | 'info';
  title: string;
  text: string;
  /** The noun concerned and its key; empty where it is the installation. */
  ref: string;
  key: string;
  name: string;
}
