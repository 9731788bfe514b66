import { readFileSync } from 'node:fs';

import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { type ReactNode, useState } from 'react';
import { describe, expect, it } from 'vitest';

import type { Form } from '../../form';
import { answering, drawn } from '../../form/testing';
import { DraftBar, useDraft } from './draft';
import type { Source } from './model';
import { Credentials } from './wechat/SetUp';

const form = (JSON.parse(readFileSync('test/forms.gen.json', 'utf8')) as { en: Form[] }).en.find(({ schema }) => schema === 'OAuthSource')!;
const source = {
  ...Object.fromEntries(form.fields.filter(({ write_only }) => !write_only).map((field) => [field.name, field.default])),
  pk: 'one', name: 'WeChat', slug: 'wechat', provider_type: 'wechat', consumer_key: 'wx0123456789abcdef', open_platform_account: 'ours', promoted: false,
} as Source;

/** A server with one source, at whose side somebody else can change it. */
function server() {
  let [now, version] = [source, 1];
  const asked = answering(({ method, path, ifMatch, body }) => {
    if (!path.startsWith('sources/oauth/')) return {};
    if (method === 'PATCH' && ifMatch !== `"s${version}"`) return { status: 412, body: { detail: 'Changed meanwhile.', code: 'changed_meanwhile' } };
    if (method === 'PATCH') [now, version] = [{ ...now, ...body as Partial<Source> }, version + 1];
    return { status: 200, body: now, etag: `"s${version}"` };
  });
  return { asked, change: (change: Partial<Source>) => { [now, version] = [{ ...now, ...change }, version + 100]; }, now: () => ({ source: now, etag: `"s${version}"` }) };
}

/** Draws a page of the source, which can be told to read it anew. */
async function page(read: () => { source: Source; etag: string }, content: (source: Source, etag: string) => ReactNode) {
  function Page() {
    const [{ source: shown, etag }, setShown] = useState(read);
    return <>{content(shown, etag)}<button onClick={() => setShown(read)}>read anew</button></>;
  }
  await drawn(<Page />);
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = async (name: string | RegExp) => act(async () => { fireEvent.click(screen.getByRole('button', { name })); });

function Name({ shown, etag }: { shown: Source; etag: string }) {
  const draft = useDraft(form, shown, etag);
  return <><input aria-label="Name" value={draft.value.name} onChange={(e) => draft.set({ name: e.target.value })} /><DraftBar draft={draft} /></>;
}

describe('a setting of a source', () => {
  it('is saved over the version that was there when typing began, and shows what somebody else did meanwhile', async () => {
    const { asked, change, now } = server();
    await page(now, (shown, etag) => <Name shown={shown} etag={etag} />);
    type('Name', 'Mine');
    change({ name: 'Theirs' });
    await press('read anew');
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Mine');
    await press('Save');
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText('Theirs')).toBeTruthy();
    expect(now().source.name).toBe('Theirs');
    await act(async () => { fireEvent.click(dialog.getByRole('button', { name: 'Save mine' })); });
    await waitFor(() => expect(now().source.name).toBe('Mine'));
    expect(asked.filter(({ method }) => method === 'PATCH').at(-1)?.body).toEqual({ name: 'Mine' });
  });

  it('follows what is read anew while nothing is typed', async () => {
    const { change, now } = server();
    await page(now, (shown, etag) => <Name shown={shown} etag={etag} />);
    change({ name: 'Theirs' });
    await press('read anew');
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Theirs');
  });
});

describe('the credentials of WeChat', () => {
  const secret = '0123456789abcdef0123456789abcdef';
  const begin = async () => {
    const it = server();
    await page(it.now, (shown, etag) => <Credentials source={shown} etag={etag} form={form} />);
    await press('Replace');
    type('AppSecret', secret);
    it.change({ open_platform_account: 'theirs' });
    return it;
  };

  it('stay as they are typed when the source is read anew', async () => {
    await begin();
    await press('read anew');
    expect(screen.getByLabelText('AppSecret')).toHaveProperty('value', secret);
  });

  it('stay as they are typed when somebody else was faster, and can be saved then', async () => {
    const { asked, now } = await begin();
    await press('Save');
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText('theirs')).toBeTruthy();
    expect(screen.getByLabelText('AppSecret')).toHaveProperty('value', secret);
    await act(async () => { fireEvent.click(dialog.getByRole('button', { name: 'Save mine' })); });
    await waitFor(() => expect(asked.filter(({ method }) => method === 'PATCH').at(-1)?.body).toEqual({ consumer_secret: secret }));
    expect(now().source.open_platform_account).toBe('theirs');
    await waitFor(() => expect(screen.getByLabelText('AppSecret')).toHaveProperty('disabled', true)); // it is stored, and never shown
  });
});
