// The frame around each browser test: a demo, people with browsers, pictures, and the guard's word.

import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { inaccessible } from './accessible.js';
import { desktop, launch } from './browser.js';
import { startDemo } from './demo.js';
import { guard } from './guard.js';
import { openMailbox } from './letters.js';

/** How long a scenario may take, in milliseconds. The runner's own limit counts a file with all its scenarios. */
const limit = 180_000;

const outputs = fileURLToPath(new URL('../output/', import.meta.url));

/**
 * A browser test.
 *
 * @param {string} name a sentence; also names the folder of its pictures
 * @param {(tools: {demo: Awaited<ReturnType<typeof startDemo>>, person: Function, letters: object}) => Promise<void>} body
 * @param {object} [options] those of startDemo; skip: why the scenario cannot run here; letters: Weimen sends its
 *   letters to openMailbox of letters.js
 */
export function scenario(name, body, { skip = false, letters: mailed = false, ...options } = {}) {
  test(name, { skip, timeout: limit }, async () => {
    const folder = join(outputs, name.replace(/[^\p{L}\p{N}]+/gu, '-'));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const letters = mailed ? await openMailbox() : undefined;
    try {
      const demo = await startDemo({ log: join(folder, 'demo.log'), env: letters?.env, ...options });
      try {
        const origins = Object.values(demo.url).map((url) => new URL(url).origin);
        await withPeople({ folder, origins }, (person) => body({ demo, person, letters }));
      } finally {
        await demo.stop();
      }
    } finally {
      await letters?.stop();
    }
  });
}

/** Where PostgreSQL is missing, why a scenario that needs it is left out; false elsewhere. */
export const withoutPostgres = !process.env.WEIMEN_TEST_POSTGRES && 'WEIMEN_TEST_POSTGRES is not set';

/** A browser test on SQLite, and once more on PostgreSQL. */
export function scenarioOnBoth(name, body, options = {}) {
  scenario(name, body, options);
  scenario(`${name}, on PostgreSQL`, body, { ...options, database: 'postgres', skip: withoutPostgres });
}

/**
 * Opens a browser, runs body with a function that makes people, and fails if the guard of any of
 * them saw a fault. When body fails, a picture of every open page is kept.
 *
 * @param {{folder: string, origins: string[]}} frame
 * @param {(person: Function) => Promise<void>} body
 */
export async function withPeople({ folder, origins }, body) {
  const browser = await launch();
  const people = [];
  const count = { pictures: 0 };
  const person = async (options) => {
    const one = await newPerson(browser, { folder, origins, count, ...options });
    people.push(one);
    return one;
  };
  try {
    await body(person);
    assert.deepEqual(people.flatMap((one) => one.faults()), []);
  } catch (err) {
    const pages = people.flatMap((one) => one.context.pages());
    await Promise.allSettled(pages.map((page, i) => page.screenshot({ path: join(folder, `failed-${i + 1}.png`) })));
    throw err;
  } finally {
    await browser.close();
  }
}

/**
 * Somebody with a browser of their own.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {object} options
 * @param {string} [options.locale] what the browser asks for: en or zh-CN
 * @param {{width: number, height: number}} [options.viewport] desktop or phone of browser.js
 * @param {'light'|'dark'} [options.colorScheme]
 * @param {boolean} [options.script] false: the browser runs no script
 * @param {RegExp[]} [options.allow] faults provoked on purpose
 */
async function newPerson(browser, options) {
  const { folder, origins, count, locale = 'en', viewport = desktop, colorScheme = 'light', script = true, allow } = options;
  const context = await browser.newContext({
    locale, viewport, colorScheme, javaScriptEnabled: script, reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  const { faults } = await guard(context, { origins, allow });
  const page = await context.newPage();
  return {
    page,
    context,
    faults,
    /** Keeps a picture of a page, of all its length. */
    screenshot: async (name, of = page) => {
      count.pictures += 1;
      const number = String(count.pictures).padStart(2, '0');
      await of.screenshot({ path: join(folder, `${number}-${name.replace(/[^\p{L}\p{N}]+/gu, '-')}.png`), fullPage: true });
    },
    /** Fails unless axe finds nothing on a page. */
    accessible: async (of = page) => assert.deepEqual(await inaccessible(of), [], of.url()),
  };
}
