// The administrator's console: coming in, going to its pages, and looking at them.

import assert from 'node:assert/strict';

import { inaccessible } from './accessible.js';
import { desktop, phone } from './browser.js';
import { english } from './chinese.js';
import { signInWithPassword } from './steps.js';

/** Where a page of the console is. */
export const consoleURL = (demo, path = '') => `${demo.url.weimen}if/admin/${path}`;

/** Signs the first administrator in, and opens the console. */
export async function openConsole(page, demo, path = '') {
  await page.goto(consoleURL(demo, path));
  await signInWithPassword(page, demo.admin.username, demo.admin.password);
  await page.waitForURL(consoleURL(demo, path));
  await settled(page);
}

/** Goes to a page of the console, and waits until it has what it shows. */
export async function visit(page, demo, path) {
  await page.goto(consoleURL(demo, path));
  await settled(page);
}

/** Waits until nothing is on its way any more. */
export async function settled(page) {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('main .ant-skeleton-active, main .ant-spin-spinning, .ant-drawer-open .ant-skeleton-active'));
}

/** Waits until the page has found its place in a window that was made another size: nothing moves between two looks. */
async function still(page) {
  await settled(page);
  await page.waitForFunction(() => {
    const now = [document.documentElement.scrollWidth, ...[...document.querySelectorAll('main *')].map((element) => element.getBoundingClientRect().right)].join();
    const same = window.weimenLook === now;
    window.weimenLook = now;
    return same;
  }, undefined, { polling: 120 });
}

const sides = {
  all: [[desktop, 'light'], [desktop, 'dark'], [phone, 'light'], [phone, 'dark']],
  two: [[desktop, 'light'], [phone, 'dark']],
};

/**
 * Keeps pictures of the page as it stands, and fails if it scrolls sideways, if axe finds something in either theme, or if English is left where Chinese should be.
 *
 * @param {object} one somebody of scenario.js
 * @param {string} name of the pictures
 * @param {{lang?: string, known?: string[], from?: 'all'|'two'}} [options] known: names in Latin letters that belong there; from: both windows in both themes, or light on a
 *   desktop and dark on a phone
 */
export async function lookAround(one, name, { lang = 'en', known = [], from = 'all' } = {}) {
  const { page } = one;
  if (lang === 'zh') assert.deepEqual(await english(page, known), [], `English is left on "${name}" at ${page.url()}`);
  for (const [window, colorScheme] of sides[from]) {
    await page.setViewportSize(window);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForFunction((scheme) => document.documentElement.dataset.scheme === scheme, colorScheme);
    await still(page);
    const where = `${name} at ${window.width} px, ${colorScheme}: ${page.url()}`;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px too wide: ${where}`);
    await one.screenshot(`${name} ${lang} ${window.width} ${colorScheme}`, page);
    // Each theme once, each window once. What the languages differ in, one look finds.
    const examined = lang === 'en' ? sides.two : sides.two.slice(1);
    if (examined.some(([at, scheme]) => at === window && scheme === colorScheme)) assert.deepEqual(await inaccessible(page), [], where);
  }
  await page.setViewportSize(desktop);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

/** Looks at a page of the console from every side, and at each of its further tabs from two. */
export async function lookAtPage(one, demo, path, options) {
  const { page } = one;
  await visit(page, demo, path);
  const name = path.replace(/[^\p{L}\p{N}]+/gu, ' ').trim() || 'dashboard';
  await lookAround(one, name, options);
  const tabs = page.locator('main').getByRole('tab');
  for (let i = 1; i < await tabs.count(); i += 1) {
    const label = (await tabs.nth(i).innerText()).trim();
    await tabs.nth(i).click();
    await settled(page);
    await lookAround(one, `${name} ${label}`, { ...options, from: 'two' });
  }
}

/** What a field of a form is filled in by: its label as people read it. */
export const field = (page, label) => page.getByLabel(label, { exact: true });

/** The drawer or dialogue on top. */
export const dialog = (page) => page.getByRole('dialog').last();

/**
 * Chooses from a list that opens below a field.
 *
 * @param {import('playwright-core').Page} page
 * @param {import('playwright-core').Locator|import('playwright-core').Page} within the form
 * @param {string} label
 * @param {string|RegExp} option as it is read, or the beginning of it
 * @param {{search?: string}} [options] search: typed first, where the server is asked for what there is
 */
export async function choose(page, within, label, option, { search } = {}) {
  const box = within.getByRole('combobox').and(within.getByLabel(label, { exact: true }));
  await box.focus();
  await box.press('ArrowDown');
  if (search) await box.fill(search);
  const list = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)');
  await list.locator('.ant-select-item-option').filter({ hasText: option instanceof RegExp ? option : new RegExp(`^${escaped(option)}`) }).first().click();
  await box.blur();
  await list.waitFor({ state: 'hidden' });
}

/** Does something with a row of a list, by the menu at its end. */
export async function act(page, name, action) {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: new RegExp(`${escaped(action)}$`) }).click();
}

/** Agrees to a deletion. Where more goes with it than is seen, its name is typed first. */
export async function agreeToDelete(page, { typed } = {}) {
  const box = dialog(page);
  const button = box.getByRole('button', { name: 'Delete', exact: true });
  const input = box.getByRole('textbox');
  if (typed) {
    await input.waitFor();
    assert.equal(await button.isDisabled(), true, 'it can be deleted before its name is typed');
    await input.fill(typed);
  }
  await button.click();
  await box.waitFor({ state: 'hidden' });
}

/** Waits for what the console says in passing. */
export const told = (page, text) => page.locator('.ant-message').getByText(text).first().waitFor();

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
