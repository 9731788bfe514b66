// An authenticator app: codes that change with the time (RFC 6238).

import { createHmac } from 'node:crypto';

/**
 * @param {string} secret in base32, as a set-up page shows it: blanks count for nothing
 * @param {number} [at] milliseconds of Unix time
 * @returns {string} the six digits that an app shows then
 */
export function code(secret, at = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const sum = createHmac('sha1', base32(secret)).update(counter).digest();
  const number = sum.readUInt32BE(sum.at(-1) & 15) & 0x7fffffff;
  return String(number % 1e6).padStart(6, '0');
}

/** The code after one that was used: servers take those of the neighbouring half minutes too (RFC 6238 section 5.2). */
export const nextCode = (secret) => code(secret, Date.now() + 30_000);

function base32(text) {
  let bits = '';
  for (const letter of text.replace(/[\s=]/g, '').toUpperCase()) {
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
