import { describe, expect, it } from 'vitest';

import { answering } from '../form/testing';
import { type ApiError, call, onTrouble } from './client';

const lost = () => { throw new TypeError('Failed to fetch'); };
const signedOut = () => ({ status: 403, body: { detail: 'no', code: 'not_authenticated' } });

describe('a call', () => {
  it.each([
    ['without a server is told of', lost, ['lost']],
    ['without a session is told of', signedOut, ['signedOut']],
    ['that is refused is not', () => ({ status: 403, body: { detail: 'no' } }), []],
    ['that is answered is not', () => ({}), []],
  ])('%s, whoever makes it', async (_, reply, want) => {
    answering(reply);
    const heard: string[] = [];
    const stop = onTrouble((err: ApiError) => heard.push(err.signedOut ? 'signedOut' : 'lost'));
    await call('POST', 'things').catch(() => {});
    expect(heard).toEqual(want);
    stop();
    await call('POST', 'things').catch(() => {});
    expect(heard).toEqual(want);
  });

  it.each(['groups/../users/3', 'groups/%2e%2E/users/3', 'groups/.', 'groups\\..\\users/3'])('to %s is not made: it would lead elsewhere', async (path) => {
    const asked = answering(() => ({}));
    await expect(call('GET', path)).rejects.toMatchObject({ status: 404 });
    expect(asked).toEqual([]);
  });

  it('may have dots and coded slashes within a part', async () => {
    const asked = answering(() => ({}));
    await call('GET', 'core/tokens/a..b%2F..%2Fc.');
    expect(asked.map(({ path }) => path)).toEqual(['core/tokens/a..b%2F..%2Fc.']);
  });
});
