// A small SMTP server on loopback (RFC 5321): it takes every letter and keeps it for the scenario to read.

import { createServer } from 'node:net';

/**
 * @typedef {{to: string, subject: string, text: string, html: string, link: string|undefined}} Letter link is the
 *   first address in the text
 */

/**
 * Starts the server.
 *
 * @returns {Promise<{env: Record<string, string>, to: (address: string, within?: number) => Promise<Letter>,
 *   count: (address: string) => number, stop: () => Promise<void>}>} env is what Weimen needs to be told; to takes
 *   the oldest unread letter to an address out, and waits for one
 */
export async function openMailbox() {
  const unread = [];
  const counts = new Map();
  const server = createServer((socket) => converse(socket, (to, raw) => {
    unread.push({ to, ...parse(raw) });
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  const to = async (address, within = 20_000) => {
    for (const giveUp = Date.now() + within; Date.now() < giveUp;) {
      const i = unread.findIndex((letter) => letter.to === address);
      if (i >= 0) return unread.splice(i, 1)[0];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no letter to ${address}; there are some to ${unread.map((letter) => letter.to)}`);
  };
  const stop = () => new Promise((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(resolve);
  });
  const env = {
    WEIMEN_EMAIL_HOST: '127.0.0.1', WEIMEN_EMAIL_PORT: String(server.address().port), WEIMEN_EMAIL_FROM: 'Weimen <weimen@example.org>',
  };
  return { env, to, count: (address) => counts.get(address) ?? 0, stop };
}

/** Speaks the server's part on one connection and hands every letter over. */
function converse(socket, keep) {
  let rest = '';
  let letter; // the lines since DATA
  let recipients = [];
  const say = (line) => socket.write(`${line}\r\n`);
  const take = (line) => {
    if (letter) {
      if (line !== '.') {
        letter.push(line.replace(/^\./, ''));
        return;
      }
      for (const to of recipients) keep(to, letter.join('\r\n'));
      [letter, recipients] = [undefined, []];
      say('250 kept');
      return;
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') say('250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8');
    else if (verb === 'RCPT') recipients.push(/<([^>]*)>/.exec(line)[1]) && say('250 ok');
    else if (verb === 'DATA') (letter = []) && say('354 go on');
    else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else say('250 ok');
  };
  socket.setEncoding('latin1');
  socket.on('error', () => {}); // whoever hangs up has nothing more to say
  socket.on('data', (text) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop();
    lines.forEach(take);
  });
  say('220 localhost');
}

/** Reads a letter of text and HTML, as far as Weimen's letters need it (RFC 2045 to 2047). */
function parse(raw) {
  const { headers, body } = divide(raw);
  const parts = {};
  collect(headers, body, parts);
  const text = parts['text/plain'] ?? '';
  return { subject: words(headers.subject ?? ''), text, html: parts['text/html'] ?? '', link: /https?:\/\/\S+/.exec(text)?.[0] };
}

function divide(raw) {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return { headers: Object.fromEntries(lines.map((line) => line.split(/:\s*(.*)/s, 2)).map(([k, v]) => [k.toLowerCase(), v])), body: raw.slice(end + 4) };
}

function collect(headers, body, into) {
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary) {
    for (const part of body.split(`--${boundary}`).slice(1, -1)) {
      const inner = divide(part.replace(/^\r\n/, ''));
      collect(inner.headers, inner.body, into);
    }
    return;
  }
  const type = /^[^;]*/.exec(headers['content-type'] ?? 'text/plain')[0].trim();
  into[type] = decode(body, (headers['content-transfer-encoding'] ?? '').toLowerCase()).toString('utf8').trim();
}

function decode(body, encoding) {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1');
  return Buffer.from(body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1');
}

function words(header) {
  return header.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, how, text) =>
    decode(how.toLowerCase() === 'b' ? text : text.replace(/_/g, ' '), how.toLowerCase() === 'b' ? 'base64' : 'quoted-printable').toString('utf8'));
}
