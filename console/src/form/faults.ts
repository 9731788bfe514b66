// What the server says is wrong, brought to the place that it speaks of and into the reader's language.

import type { Fault, FaultsAt } from './check';

/** Where faults stand that belong to no field. */
export const whole = '';

/** The server's sentences are authentik's, which programs compare: so they are English, and people read ours. */
const sentences: [RegExp, string, string[]?][] = [
  [/^This field (is required|may not be blank|may not be null)\.$/, 'required'],
  [/^This list may not be empty\.$/, 'required'],
  [/^Ensure this field has no more than (\d+) characters\.$/, 'long', ['max']],
  [/^Enter a valid "slug"/, 'slug'],
  [/^Must be a valid boolean\.$/, 'yesNo'],
  [/^A valid integer is required\.$/, 'integer'],
  [/^(A valid number is required|Enter a number)\.$/, 'number'],
  [/^This number is too large\.$/, 'large'],
  [/^Null characters are not allowed\.$/, 'null'],
  [/^(Datetime has wrong format|Enter a valid date\/time\.)/, 'time'],
  [/ is not in the form of hours=1/, 'duration'],
  [/ is longer than 100 years/, 'durationLong'],
  [/ is not a valid choice\.$/, 'choice'],
  [/^Invalid pk .* - object does not exist\.$/, 'gone'],
  [/ already exists\.$/, 'taken'],
  [/must make a unique set\.$/, 'unique'],
  [/^Value must be (valid JSON|a dictionary)/, 'json'],
  [/^line (\d+), column (\d+): undefined: (\S+)$/, 'undefinedAt', ['line', 'column', 'name']],
  [/^line (\d+), column (\d+): got ([^,]+|','), want (.+)$/, 'gotAt', ['line', 'column', 'got', 'want']],
  [/^line (\d+), column (\d+): (.*)$/s, 'at', ['line', 'column', 'message']],
  [/ settings\.theme\.primary_color must be #/, 'colour'],
  [/ settings\.theme\.base must be /, 'look'],
  [/^Not a valid string\.$/, 'text'],
  [/^Ensure this value is greater than or equal to (-?\d+)\.$/, 'least', ['min']],
];

/** The fault that a sentence of the server tells, undefined where it has no translation: then it stands as it is. */
export function known(sentence: string): Fault | undefined {
  for (const [form, key, names] of sentences) {
    const match = form.exec(sentence);
    if (match) return { key, args: Object.fromEntries((names ?? []).map((name, i) => [name, match[i + 1] ?? ''])) };
  }
  return undefined;
}

/** "Item 2: url: This field may not be blank." of redirect_uris speaks of redirect_uris.1.url. */
function placed(at: string, sentence: string, depth = 0): [string, string] {
  const item = /^Item (\d+): (.*)$/s.exec(sentence);
  if (item && depth < 8) return placed(`${at}.${Number(item[1]) - 1}`, item[2] ?? '', depth + 1);
  const inner = depth > 0 ? /^([a-z][a-z0-9_]*): (.*)$/s.exec(sentence) : null;
  if (inner && depth < 8) return placed(`${at}.${inner[1]}`, inner[2] ?? '', depth + 1);
  return [at, sentence];
}

/** Sorts the server's faults by place. What belongs to none of the fields goes to the top, with its name. */
export function faultsByPlace(fields: Readonly<Record<string, readonly string[]>>, names: readonly string[]): FaultsAt<string> {
  const out: FaultsAt<string> = {};
  for (const [name, texts] of Object.entries(fields)) {
    for (const text of texts) {
      const [at, sentence] = names.includes(name) ? placed(name, text) : [whole, name === 'non_field_errors' ? text : `${name}: ${text}`];
      (out[at] ??= []).push(sentence);
    }
  }
  return out;
}

/** Faults of a field and of what lies within it, by the place within: "" is the field itself. */
export function faultsWithin<T>(faults: FaultsAt<T>, at: string): FaultsAt<T> {
  const out: FaultsAt<T> = {};
  for (const [place, said] of Object.entries(faults)) {
    if (place === at) out[''] = said;
    else if (place.startsWith(`${at}.`)) out[place.slice(at.length + 1)] = said;
  }
  return out;
}
