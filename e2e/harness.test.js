// The harness proves itself on pages of its own, so that its silence means something.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { inaccessible } from './harness/accessible.js';
import { phone } from './harness/browser.js';
import { assertLight, look, weigh } from './harness/look.js';
import { readyLine } from './harness/demo.js';
import { withPeople } from './harness/scenario.js';

const good = `<!doctype html><html lang="en"><head><title>Sign in</title><link rel="icon" href="data:,"></head>
  <body><main><h1>Sign in</h1><p>微信登录</p><button>Continue</button></main></body></html>`;

/** Runs body with a server of one page and a folder for pictures. */
async function withPage(html, body) {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 404, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; img-src 'self' data: https:; connect-src *; script-src 'nonce-ours'",
    });
    response.end(html);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'weimen-harness-'));
  const origin = `http://127.0.0.1:${server.address().port}`;
  try {
    await withPeople({ folder, origins: [origin] }, (person) => body({ origin, folder, person }));
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
}

test('a clean page passes, with a picture, under a strict policy', async () => {
  await withPage(good, async ({ origin, folder, person }) => {
    const { page, screenshot, accessible, faults } = await person({ locale: 'zh-CN', viewport: phone });
    await page.goto(origin);
    await screenshot('the page');
    await accessible();
    assert.deepEqual(faults(), []);
    assert.deepEqual(await readdir(folder), ['01-the-page.png']);
    assert.equal(await page.evaluate(() => `${navigator.language} ${innerWidth}`), 'zh-CN 360');
  });
});

const faulty = [
  ['an error in the console', '<script nonce="ours">console.error("lost")</script>', /console error: lost/],
  ['an uncaught exception', '<script nonce="ours">throw new Error("thrown")</script>', /uncaught exception: thrown/],
  ['a script that the policy blocks', '<script>1</script>', /content security policy: script-src/],
  ['a style that the policy blocks', '<p style="color: red">red</p>', /content security policy: style-src/],
  ['a picture from elsewhere', '<img alt="" src="https://example.org/a.png">', /foreign origin: GET https:\/\/example.org/],
  ['a call to another port', '<script nonce="ours">fetch("http://127.0.0.1:1/")</script>', /foreign origin: GET http:\/\/127.0.0.1:1/],
  ['a missing file', '<img alt="" src="/lost.png">', /console error: .*404/],
];
for (const [what, html, pattern] of faulty) {
  test(`a scenario fails for ${what}`, async () => {
    const run = withPage(good.replace('</main>', `${html}</main>`), async ({ origin, person }) => {
      const { page } = await person();
      await page.goto(origin, { waitUntil: 'networkidle' });
    });
    await assert.rejects(run, pattern);
  });
}

test('a fault provoked on purpose is allowed by name', async () => {
  await withPage(good.replace('</main>', '<img alt="" src="/lost.png"></main>'), async ({ origin, person }) => {
    const { page } = await person({ allow: [/status of 404/] });
    await page.goto(origin, { waitUntil: 'networkidle' });
  });
});

test('without script the guard still sees a breach of the policy', async () => {
  const run = withPage(good.replace('</main>', '<p style="color: red">red</p></main>'), async ({ origin, person }) => {
    const { page } = await person({ script: false });
    await page.goto(origin);
  });
  await assert.rejects(run, /inline style/);
});

test('a page that is wider than a phone is found', async () => {
  await withPage(good.replace('</main>', `<p>${'w'.repeat(60)}</p></main>`), async ({ origin, person }) => {
    const one = await person();
    await one.page.goto(origin);
    await assert.rejects(look(one, 'wide'), /wide at 360 px/);
  });
});

test('a page that weighs too much is found', async () => {
  await withPage(good + ' '.repeat(30_000), async ({ origin, person }) => {
    const { page, context } = await person();
    const weights = weigh(context, origin);
    await page.goto(origin);
    await assert.rejects(assertLight(weights), /weighs 30\d{3} bytes/);
  });
});

test('axe finds a button without a name', async () => {
  await withPage(good.replace('Continue', ''), async ({ origin, person }) => {
    const { page } = await person();
    await page.goto(origin);
    assert.match((await inaccessible(page)).join('\n'), /button-name/);
  });
});

test('the ready line names each server, and only when it is whole', () => {
  const line = 'weimen demo is ready: weimen=http://127.0.0.1:1/ app=http://127.0.0.1:2/?a=b wechat=http://127.0.0.1:3/';
  assert.equal(readyLine(`starting\n${line}`), undefined);
  assert.deepEqual(readyLine(`starting\n${line}\nmore\n`), {
    weimen: 'http://127.0.0.1:1/', app: 'http://127.0.0.1:2/?a=b', wechat: 'http://127.0.0.1:3/',
  });
});
