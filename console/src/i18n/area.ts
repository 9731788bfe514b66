/** Turns "../texts/users.en.json" and its content into { users: content }. */
export function byArea(files: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).map(([file, texts]) => [/([^/.]+)\.\w+\.json$/.exec(file)?.[1] ?? file, texts]));
}
