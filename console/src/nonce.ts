// The nonce that the server's content security policy lets style sheets of this page bear.

/** As the server wrote it into the page. */
export const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? '';

/**
 * Gives every style sheet that a component makes the nonce. The components take it from ConfigProvider, but two of their helpers (the width of scroll bars, the
 * locking of the page behind a dialogue) do not: their style sheets would be blocked, and the browser's console would say so at each table. Neither do the drawings of some
 * icons, which hold an empty style sheet.
 */
export function bearNonce(): void {
  const create = document.createElement.bind(document) as (name: string, options?: ElementCreationOptions) => HTMLElement;
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name === 'style') element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
  const draw = document.createElementNS.bind(document) as (space: string | null, name: string, options?: ElementCreationOptions) => Element;
  document.createElementNS = ((space: string | null, name: string, options?: ElementCreationOptions) => {
    const element = draw(space, name, options);
    if (element instanceof SVGStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElementNS;
}
