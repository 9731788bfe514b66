// The two programs beside the browser: the simulator's control API and Weimen's own.

/**
 * Makes a function that calls one of them with JSON.
 *
 * @param {string} base address that paths are added to
 * @param {Record<string, string>} [headers]
 * @returns {(method: string, path: string, body?: object) => Promise<any>} it throws unless the answer is 2xx
 */
function caller(base, headers = {}) {
  return async (method, path, body) => {
    const answer = await fetch(new URL(path, base), {
      method,
      headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text && JSON.parse(text);
  };
}

/** The simulated WeChat's control API: `wechat(demo)('POST', 'sim/faults', {...})`. */
export const wechat = (demo) => caller(demo.url.wechat);

/** Weimen's administration API, as the first administrator: `api(demo)('GET', 'core/users/')`. */
export const api = (demo) => caller(`${demo.url.weimen}api/v3/`, { Authorization: `Bearer ${demo.token}` });
