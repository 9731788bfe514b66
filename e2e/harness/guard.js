// Watches everything a browser context does and remembers what must not happen: an error in the
// console, an uncaught exception, a breach of the content security policy, a request elsewhere.

/**
 * Starts watching. Call before the first page is opened.
 *
 * @param {import('playwright-core').BrowserContext} context
 * @param {object} options
 * @param {string[]} options.origins where requests may go
 * @param {RegExp[]} [options.allow] faults this scenario provokes on purpose
 * @returns {Promise<{faults: () => string[]}>} faults leaves out what is allowed
 */
export async function guard(context, { origins, allow = [] }) {
  const faults = [];
  const ours = new Set(origins);

  // A foreign request is stopped here and so never leaves the machine.
  await context.route(
    (url) => /^(https?|wss?):$/.test(url.protocol) && !ours.has(url.origin),
    (route) => {
      faults.push(`request to a foreign origin: ${route.request().method()} ${route.request().url()}`);
      return route.abort('blockedbyclient');
    },
  );
  await context.exposeBinding('weimenPolicyViolation', ({ page }, what) => {
    faults.push(`content security policy: ${what} at ${page.url()}`);
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => {
      window.weimenPolicyViolation(`${e.effectiveDirective} blocked ${e.blockedURI || 'inline'}`);
    });
  });
  context.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console error: ${message.text()} at ${message.location().url}`);
  });
  context.on('weberror', (err) => {
    faults.push(`uncaught exception: ${err.error().message} at ${err.page()?.url()}`);
  });

  return { faults: () => faults.filter((fault) => !allow.some((pattern) => pattern.test(fault))) };
}
