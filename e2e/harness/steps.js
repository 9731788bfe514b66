// What people do, one function for each step of a sign-in. None of them reads the address bar of WeChat or
// knows how the product is made: they press what a person would press.

import assert from 'node:assert/strict';

/** From the demo application to Weimen's login page. */
export async function openLogin(page, demo) {
  await page.goto(demo.url.app);
  await page.locator('a.button[href="/login"]').click();
  await page.waitForURL(`${demo.url.weimen}if/flow/**`);
}

/** Presses the WeChat button and arrives at the QR page. */
export async function openQR(page, demo) {
  await page.locator('main a[href^="/source/oauth/login/wechat/"]').click();
  await page.waitForURL(`${demo.url.wechat}connect/qrconnect**`);
}

/**
 * Opens the simulated phone in a second tab by the QR page's own link.
 *
 * @returns {Promise<import('playwright-core').Page>}
 */
export async function openPhone({ page, context }) {
  const [phone] = await Promise.all([
    context.waitForEvent('page'),
    page.locator('a.button[href*="/connect/confirm"]').click(),
  ]);
  await phone.waitForLoadState();
  return phone;
}

/** Chooses a person on the phone and agrees. */
export async function confirm(phone, who) {
  await phone.locator(`label:has(input[value="${who}"])`).click();
  await phone.locator('button[value="confirm"]').click();
}

/** Refuses on the phone. */
export async function refuse(phone) {
  await phone.locator('button[value="cancel"]').click();
}

/** Agrees on the QR page itself, as WeChat for the desktop does: the short way, for scenarios about something else. */
export async function agree(page, who) {
  await page.locator('form.fast select').selectOption(who);
  await page.locator('form.fast button').click();
}

/** From Weimen's login page to where it leads, as one of the simulator's people. */
export async function signInWithWeChat(page, demo, who, to = demo.url.app) {
  await openQR(page, demo);
  await agree(page, who);
  await page.waitForURL(to);
}

/** From the first page of the demo application to its claims, as one of the simulator's people. */
export async function enter(page, demo, who) {
  await openLogin(page, demo);
  await signInWithWeChat(page, demo, who);
  return claims(page);
}

/** Signs out at the demo application, and so at Weimen. */
export async function leave(page, demo) {
  await page.goto(demo.url.app);
  await page.locator('form[action="/logout"] button').click();
  await page.waitForURL(demo.url.app);
}

/** What the demo application was told: the values of its tables by the name of the claim. */
export async function claims(page) {
  const cells = await page.locator('[data-claim]').evaluateAll((all) => all.map((cell) => [cell.dataset.claim, cell.innerText.trim()]));
  assert.notEqual(cells.length, 0, `no claims at ${page.url()}`);
  return Object.fromEntries(cells);
}

/** Answers Weimen's two forms for a name and a password. */
export async function signInWithPassword(page, username, password) {
  await page.locator('input[name="uid_field"]').fill(username);
  await page.locator('input[name="uid_field"]').press('Enter');
  await page.locator('input[name="password"]').fill(password);
  await page.locator('input[name="password"]').press('Enter');
}

/**
 * Reads a refusal page, which must say what happened, who can mend it and what to do now.
 *
 * @returns {Promise<{title: string, happened: string, code: string|null}>} code is null where the page shows none
 */
export async function refusal(page, words) {
  const title = await page.getByRole('heading', { level: 1 }).innerText();
  const happened = await page.getByRole('alert').first().innerText();
  const facts = await page.locator('dl.facts > *').allInnerTexts();
  assert.deepEqual([facts[0], facts[2]], [words.who, words.next], `${page.url()}: ${facts}`);
  assert.ok(title && happened && facts[1] && facts[3], `${page.url()}: something is empty`);
  assert.equal(await page.locator('html').getAttribute('lang'), words.html);
  const shown = page.locator('.code code');
  return { title, happened, code: (await shown.count()) ? await shown.innerText() : null };
}
