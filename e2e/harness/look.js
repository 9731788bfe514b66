// Looks at one page the way it will be seen: both windows, both themes, both by eye (the pictures) and by rule.

import assert from 'node:assert/strict';

import { desktop, phone } from './browser.js';
import { english } from './chinese.js';

/** The most that one of Weimen's own pages may weigh, with its style. */
const heaviest = 30_000;

const windows = { 1280: desktop, 360: phone };

/** Weimen's own pages are looked at from every side, its neighbours' from two. */
const sides = {
  all: { light: [1280, 360], dark: [1280, 360] },
  two: { light: [1280], dark: [360] },
};

/**
 * Remembers how heavy the documents are that a context is served.
 *
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} origin whose documents count
 * @returns {() => Promise<Array<{url: string, bytes: number}>>}
 */
export function weigh(context, origin) {
  const weights = [];
  context.on('response', (response) => {
    const request = response.request();
    if (new URL(response.url()).pathname.startsWith('/if/admin/')) return; // the console is an application, and has a limit of its own
    if (!request.isNavigationRequest() || new URL(response.url()).origin !== new URL(origin).origin) return;
    weights.push(response.body().then((body) => ({ url: response.url(), bytes: body.length }), () => undefined)); // a redirect has no body
  });
  return async () => (await Promise.all(weights)).filter(Boolean);
}

/** Fails where a page was heavier than it may be. */
export async function assertLight(weights) {
  for (const { url, bytes } of await weights()) assert.ok(bytes < heaviest, `${url} weighs ${bytes} bytes`);
}

/**
 * Keeps pictures of a page in both windows and both themes, and fails if it scrolls sideways, if something
 * sticks out of the window, or if axe finds something in either theme.
 *
 * @param {object} one somebody of scenario.js, with script
 * @param {string} name of the pictures
 * @param {object} [options]
 * @param {import('playwright-core').Page} [options.page]
 * @param {'all'|'two'} [options.from] two: light on a desktop and dark on a phone
 */
export async function look(one, name, { page = one.page, from = 'all' } = {}) {
  await page.waitForLoadState(); // after a click the next page may have no body yet
  for (const [colorScheme, widths] of Object.entries(sides[from])) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize(windows[width]);
      assert.deepEqual(await sticksOut(page), [], `${name} at ${width} px: ${page.url()}`);
      await one.screenshot(`${name} ${width} ${colorScheme}`, page);
    }
    await one.accessible(page);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(desktop);
}

/**
 * Makes a function that looks at each page of a journey. Where the browser runs no script it only reads: axe needs one.
 *
 * @param {object} one somebody of scenario.js
 * @param {'en'|'zh'} lang Chinese pages must have no English left on them
 * @param {{known?: string[], script?: boolean}} [options] known: names in Latin letters that belong there
 * @returns {(name: string, page?: import('playwright-core').Page) => Promise<void>}
 */
export function looker(one, lang, { known = [], script = true } = {}) {
  return async (name, page = one.page) => {
    if (lang === 'zh') await assertChinese(page, name, known);
    if (script) await look(one, `${name} ${lang}`, { page, from: 'two' });
  };
}

async function assertChinese(page, name, known) {
  assert.deepEqual(await english(page, known), [], `English is left on the Chinese page "${name}" at ${page.url()}`);
}

/**
 * Looks at a letter as mail programs show it, in both windows.
 *
 * @param {object} one somebody of scenario.js
 * @param {'en'|'zh'} lang
 * @param {string} html
 */
export async function seeLetter({ context, screenshot }, lang, html) {
  const tab = await context.newPage();
  await tab.setContent(html);
  if (lang === 'zh') await assertChinese(tab, 'letter');
  for (const width of [1280, 360]) {
    await tab.setViewportSize(windows[width]);
    assert.deepEqual(await sticksOut(tab), [], `the letter at ${width} px`);
    await screenshot(`letter ${lang} ${width}`, tab);
  }
  await tab.close();
}

/** What can be seen outside of the window's width. */
function sticksOut(page) {
  return page.evaluate(() => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll('header *, main *, footer *')) {
      const box = element.getBoundingClientRect();
      const scrolls = element.closest('pre, .scroll, [data-scrolls]');
      if (!scrolls && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)) {
        found.push(`${element.tagName.toLowerCase()}.${element.className} from ${box.left} to ${box.right}`);
      }
    }
    return found;
  });
}
