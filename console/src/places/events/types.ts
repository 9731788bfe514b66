/** An event of the audit trail, as the API answers it. */
export interface EventRow {
  pk: string;
  action: string;
  app: string;
  context: Record<string, unknown>;
  client_ip: string | null;
  created: string;
  expires: string;
  /** Empty where nobody was known. */
  user: { pk?: number; username?: string; email?: string };
  support_code: string;
  /** What a refused person read; only where one event or one sign-in is asked for. */
  explanation?: Explanation | null;
}

export interface Explanation {
  reason: string;
  title: string;
  happened: string;
  who: string;
  next: string;
}

/** A step of a run of a flow. */
export interface Mark {
  /** Milliseconds since the run began. */
  at: number;
  did: string;
  flow?: string;
  stage?: string;
  kind?: string;
  rule?: string;
  reason?: string;
  detail?: string;
  /** Microseconds that the server worked on it. */
  took?: number;
}

/** The whole story behind a support code. */
export interface Story {
  support_code: string;
  events: EventRow[];
  trace: Mark[];
}
