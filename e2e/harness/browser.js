// Debian's Chromium, kept from every network but loopback.

import { chromium } from 'playwright-core';

/** The two windows every page must be beautiful in. */
export const desktop = { width: 1280, height: 800 };
export const phone = { width: 360, height: 740 };

/** @returns {Promise<import('playwright-core').Browser>} */
export function launch() {
  return chromium.launch({
    executablePath: process.env.WEIMEN_TEST_CHROMIUM ?? '/usr/bin/chromium',
    headless: !process.env.WEIMEN_E2E_SHOW,
    args: [
      '--no-sandbox', // the tests run as root in CI, and open only our own pages
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}
