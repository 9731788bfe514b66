/** JSON to be read. */
export function Json({ value, label }: { value: unknown; label: string }) {
  return <pre className="trial-json code" tabIndex={0} role="region" aria-label={label}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>;
}
