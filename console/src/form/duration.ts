// Durations as the API writes them: "hours=1;minutes=30".

export const units = ['microseconds', 'milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks'] as const;
export type Unit = (typeof units)[number];

export interface Span {
  count: number;
  unit: Unit;
}

const isUnit = (text: string): text is Unit => (units as readonly string[]).includes(text);

/** Reads a duration, undefined where the text is none. "" is none at all: []. */
export function parseDuration(text: string): Span[] | undefined {
  const out: Span[] = [];
  for (const part of text.split(/[;,]/)) {
    const trimmed = part.trim();
    if (trimmed === '') continue;
    const match = /^(\w+)\s*=\s*(-?\d+(?:\.\d+)?)$/.exec(trimmed);
    const unit = match?.[1]?.toLowerCase() ?? '';
    if (!match || !isUnit(unit)) return undefined;
    out.push({ count: Number(match[2]), unit });
  }
  return out;
}

export const formatDuration = (spans: readonly Span[]): string => spans.map(({ count, unit }) => `${unit}=${count}`).join(';');
