import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import type { Form } from './forms';
import { makeField, makeForm } from './forms';
import { SchemaForm } from './SchemaForm';
import { answering, drawn } from './testing';

vi.mock('./CodeEditor', () => ({
  CodeEditor: ({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) => <textarea value={value} aria-label={label} onChange={(e) => onChange(e.target.value)} />,
}));

const form: Form = makeForm({
  path: 'things', key: 'pk', schema: 'Thing', verbose_name: 'Thing',
  fields: [
    makeField({ name: 'pk', title: 'Id', type: 'string', read_only: true }),
    makeField({ name: 'name', title: 'Name', type: 'string', required: true, max_length: 10 }),
    makeField({ name: 'slug', title: 'Slug', type: 'string', required: true, slug: true }),
    makeField({ name: 'enabled', title: 'Enabled', type: 'boolean', default: true, help: 'Whether it runs.' }),
    makeField({ name: 'password', title: 'Password', type: 'secret', write_only: true, default: null }),
    makeField({ name: 'span', title: 'Span', type: 'duration', default: 'hours=1', group: 'advanced' }),
    makeField({
      name: 'addresses', title: 'Addresses', type: 'list', default: [],
      item: makeField({ name: '', title: '', type: 'struct', fields: [makeField({ name: 'url', title: 'URL', type: 'string', required: true }), makeField({ name: 'note', title: 'Note', type: 'string' })] }),
    }),
  ],
});
const object = { data: { pk: 'one', name: 'First', slug: 'first', enabled: true, span: 'hours=1', addresses: [{ url: 'https://a', note: '' }], secrets_set: ['password'] }, etag: '"v1"' };
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = async (name: string | RegExp) => act(async () => { fireEvent.click(screen.getByRole('button', { name })); });

describe('a new object', () => {
  it('is posted with what is required, what was changed, and what the page presets', async () => {
    const asked = answering(() => ({ pk: 'new' }));
    const saved = vi.fn();
    await drawn(<SchemaForm form={form} preset={{ owner: 3 }} onSaved={saved} />);
    type('Name', 'Große Tür');
    expect(screen.getByLabelText('Slug')).toHaveProperty('value', 'gro-e-tur');
    await press('Create');
    expect(asked.find(({ method, path }) => method === 'POST' && path === 'things')?.body).toEqual({ name: 'Große Tür', slug: 'gro-e-tur', owner: 3 });
    await waitFor(() => expect(saved).toHaveBeenCalledWith({ pk: 'new' }, undefined));
  });

  it('leaves a slug alone that was written by hand', async () => {
    answering(() => ({}));
    await drawn(<SchemaForm form={form} onSaved={() => {}} />);
    type('Slug', 'mine');
    type('Name', 'Other');
    expect(screen.getByLabelText('Slug')).toHaveProperty('value', 'mine');
  });

  it('is not sent while something is missing; the first fault has the cursor', async () => {
    const asked = answering(() => ({}));
    await drawn(<SchemaForm form={form} onSaved={() => {}} />);
    await press('Create');
    expect(asked.some(({ method, path }) => method === 'POST' && path === 'things')).toBe(false);
    expect(screen.getAllByText('Please fill this in.').length).toBe(2);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
  });

  it('is sent by Ctrl+Enter from any field', async () => {
    const asked = answering(() => ({ pk: 'x' }));
    await drawn(<SchemaForm form={form} onSaved={() => {}} />);
    type('Name', 'By key');
    await act(async () => { fireEvent.keyDown(screen.getByLabelText('Name'), { key: 'Enter', ctrlKey: true }); });
    expect(asked.some(({ method, path }) => method === 'POST' && path === 'things')).toBe(true);
  });

  it('tells as it is typed what is too long', async () => {
    answering(() => ({}));
    await drawn(<SchemaForm form={form} onSaved={() => {}} />);
    type('Name', 'far too long a name');
    fireEvent.blur(screen.getByLabelText('Name'));
    expect(screen.getByText('At most 10 characters.')).toBeTruthy();
  });
});

describe('an object that is changed', () => {
  it('is patched with what was changed, over the version that was read', async () => {
    const asked = answering(() => ({ ...object.data, name: 'Second' }));
    await drawn(<SchemaForm form={form} object={object} onSaved={() => {}} />);
    type('Name', 'Second');
    await press('Save');
    const patch = asked.find(({ method }) => method === 'PATCH');
    expect(patch).toMatchObject({ path: 'things/one', body: { name: 'Second' }, ifMatch: '"v1"' });
  });

  it('keeps its secret until somebody replaces it', async () => {
    const asked = answering(() => object.data);
    await drawn(<SchemaForm form={form} object={object} onSaved={() => {}} />);
    expect(screen.getByText('Set')).toBeTruthy();
    await press('Replace: Password');
    type('Password', 'new one');
    await press('Save');
    expect(asked.find(({ method }) => method === 'PATCH')?.body).toEqual({ password: 'new one' });
  });

  it('shows the server’s faults where they belong, in lists and closed sections too, and the rest on top', async () => {
    answering(({ method }) => (method === 'PATCH'
      ? { status: 400, body: { addresses: ['Item 1: url: This field may not be blank.'], span: ['"x" is not in the form of hours=1;minutes=2;seconds=3.'], non_field_errors: ['Not both.'], elsewhere: ['Wrong.'] } }
      : {}));
    await drawn(<SchemaForm form={form} object={object} onSaved={() => {}} />);
    type('Name', 'Second');
    await press('Save');
    expect(await screen.findByText('Not both.')).toBeTruthy();
    expect(screen.getByText('elsewhere: Wrong.')).toBeTruthy();
    const url = document.querySelector('[data-field="url"]') as HTMLElement;
    expect(within(url).getByText('Please fill this in.')).toBeTruthy();
    expect(await screen.findByText('Please write a duration such as hours=1;minutes=30.')).toBeTruthy();
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Second');
  });

  it('keeps what was typed when the session has ended, and saves it afterwards', async () => {
    let ended = true;
    const asked = answering(({ method }) => (method === 'PATCH' && ended ? { status: 403, body: { detail: 'Authentication credentials were not provided.', code: 'not_authenticated' } } : object.data));
    const saved = vi.fn();
    await drawn(<SchemaForm form={form} object={object} onSaved={saved} />);
    type('Name', 'Second');
    await press('Save');
    expect(await screen.findByText(/your session has ended/)).toBeTruthy();
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Second');
    ended = false;
    await waitFor(() => expect(screen.getByRole('button', { name: /Save/ }).className).not.toContain('loading'));
    await press(/Save/);
    await waitFor(() => expect(saved).toHaveBeenCalled());
    expect(asked.filter(({ method }) => method === 'PATCH').length).toBe(2);
  });
});

describe('while a change is being saved', () => {
  /** A server that answers a change when it is told to. */
  const slow = (answer: object) => {
    let go = () => {};
    const until = new Promise<void>((resolve) => { go = resolve; });
    const asked = answering(() => ({ status: 200, body: answer, etag: '"v2"' }));
    const answered = globalThis.fetch;
    globalThis.fetch = (async (...args: Parameters<typeof fetch>) => {
      if (args[1]?.method === 'PATCH' || args[1]?.method === 'POST') await until;
      return answered(...args);
    }) as typeof fetch;
    return { asked, go: () => act(async () => { go(); await until; }) };
  };

  it('what is typed stays, on top of the answer, and is saved over the version of the answer', async () => {
    const { asked, go } = slow({ ...object.data, name: 'Second' });
    const saved = vi.fn();
    await drawn(<SchemaForm form={form} object={object} onSaved={saved} />);
    type('Name', 'Second');
    await press('Save');
    type('Slug', 'later');
    await go();
    expect(await screen.findByText('Saved. What you typed since then is not saved yet.')).toBeTruthy();
    expect(saved).not.toHaveBeenCalled(); // a drawer would close
    expect(screen.getByLabelText('Slug')).toHaveProperty('value', 'later');
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Second');
    await press(/Save/);
    await waitFor(() => expect(saved).toHaveBeenCalled());
    expect(asked.filter(({ method }) => method === 'PATCH').map(({ body, ifMatch }) => [body, ifMatch])).toEqual([[{ name: 'Second' }, '"v1"'], [{ slug: 'later' }, '"v2"']]);
  });

  it('nothing can be typed into a new one, which has no place yet where it could go', async () => {
    const { go } = slow({ pk: 'new' });
    await drawn(<SchemaForm form={form} onSaved={() => {}} />);
    type('Name', 'New');
    await press('Create');
    expect(screen.getByLabelText('Name').closest('[inert]')).not.toBeNull();
    await go();
    await waitFor(() => expect(screen.getByLabelText('Name').closest('[inert]')).toBeNull());
  });
});

describe('an object of any content', () => {
  const open = makeForm({ path: 'opens', key: 'pk', schema: 'Open', verbose_name: 'Open', fields: [makeField({ name: 'pk', title: 'Id', type: 'string', read_only: true }), makeField({ name: 'name', title: 'Name', type: 'string' }), makeField({ name: 'attributes', title: 'Attributes', type: 'object' })] });
  const held = { data: { pk: 'one', name: 'First', attributes: { city: 'Canton' } }, etag: '"v1"' };
  const patches = (asked: ReturnType<typeof answering>) => asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);

  it('is not saved while a value has no key, or two have the same', async () => {
    const asked = answering(() => held.data);
    await drawn(<SchemaForm form={open} object={held} onSaved={() => {}} />);
    await press(/Add a key$/);
    type('Value of 2', 'Guangdong');
    await press('Save');
    expect(screen.getByText('A value has no key: write one, or remove the row.')).toBeTruthy();
    type('Attributes: key 2', 'city');
    await press('Save');
    expect(screen.getByText('Two rows have the same key: rename one of them, or remove it.')).toBeTruthy();
    expect(patches(asked)).toEqual([]);
    type('Attributes: key 2', 'province');
    await press('Save');
    expect(patches(asked)).toEqual([{ attributes: { city: 'Canton', province: 'Guangdong' } }]);
  });

  it('shows its rows as they are stored once unfinished ones are thrown away', async () => {
    answering(() => held.data);
    await drawn(<SchemaForm form={open} object={held} onSaved={() => {}} />);
    await press(/Add a key$/);
    type('Value of 2', 'Guangdong');
    await press('Discard changes');
    expect(screen.queryByLabelText('Attributes: key 2')).toBeNull();
    expect(screen.getByLabelText('Attributes: key 1')).toHaveProperty('value', 'city');
  });

  it('is left alone while something else is saved: numbers that JavaScript rounds stay what they are', async () => {
    const asked = answering(() => held.data);
    const rounded = JSON.parse('{"pk": "one", "name": "First", "attributes": {"id": 9007199254740993}}') as Record<string, unknown>;
    await drawn(<SchemaForm form={open} object={{ data: rounded, etag: '"v1"' }} onSaved={() => {}} />);
    type('Name', 'Second');
    await press('Save');
    expect(patches(asked)).toEqual([{ name: 'Second' }]);
  });
});

describe('two forms of one object on a page', () => {
  it('are no strangers to one another', async () => {
    let version = 1;
    let now: Record<string, unknown> = object.data;
    const asked = answering(({ method, ifMatch, body }) => {
      if (method === 'PATCH' && ifMatch !== `"own${version}"`) return { status: 412, body: { detail: 'Changed meanwhile.', code: 'changed_meanwhile' } };
      if (method === 'PATCH') { version += 1; now = { ...now, ...body as object }; }
      return { status: 200, body: now, etag: `"own${version}"` };
    });
    const first = { ...object, etag: '"own1"' };
    await drawn(<><SchemaForm form={form} object={first} only={['name']} onSaved={() => {}} /><SchemaForm form={form} object={first} only={['slug']} onSaved={() => {}} /></>);
    type('Name', 'Second');
    type('Slug', 'second');
    for (const n of [0, 1]) await act(async () => { fireEvent.click(screen.getAllByRole('button', { name: /Save/ })[n]!); });
    await waitFor(() => expect(now).toMatchObject({ name: 'Second', slug: 'second' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(asked.filter(({ method }) => method === 'PATCH').at(-1)).toMatchObject({ body: { slug: 'second' }, ifMatch: '"own2"' });
  });
});

describe('two who change the same', () => {
  const theirs = { ...object.data, name: 'Theirs', enabled: false };
  const server = () => answering(({ method, ifMatch }) => {
    if (method === 'PATCH') return ifMatch === '"v2"' ? { status: 200, body: { ...theirs, name: 'Mine' }, etag: '"v3"' } : { status: 412, body: { detail: 'Changed meanwhile.', code: 'changed_meanwhile' } };
    return { status: 200, body: theirs, etag: '"v2"' };
  });
  const begin = async () => {
    type('Name', 'Mine');
    await press('Save');
    return within(await screen.findByRole('dialog'));
  };

  it('are shown what differs', async () => {
    server();
    await drawn(<SchemaForm form={form} object={object} onSaved={() => {}} />);
    const dialog = await begin();
    expect(dialog.getByText('Mine')).toBeTruthy();
    expect(dialog.getByText('Theirs')).toBeTruthy();
    expect(dialog.getByText('Enabled')).toBeTruthy();
  });

  it('may save theirs over the other’s, who keeps what nobody else changed', async () => {
    const asked = server();
    const saved = vi.fn();
    await drawn(<SchemaForm form={form} object={object} onSaved={saved} />);
    const dialog = await begin();
    await act(async () => { fireEvent.click(dialog.getByRole('button', { name: 'Save mine' })); });
    await waitFor(() => expect(saved).toHaveBeenCalled());
    expect(asked.filter(({ method }) => method === 'PATCH').at(-1)).toMatchObject({ body: { name: 'Mine' }, ifMatch: '"v2"' });
  });

  it('may take the other’s', async () => {
    server();
    await drawn(<SchemaForm form={form} object={object} onSaved={() => {}} />);
    const dialog = await begin();
    await act(async () => { fireEvent.click(dialog.getByRole('button', { name: 'Take theirs' })); });
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Theirs'));
  });
});

describe('leaving', () => {
  it('is asked about while something is not saved', async () => {
    answering(() => ({}));
    const { router } = await drawn(<SchemaForm form={form} object={object} onSaved={() => {}} />);
    type('Name', 'Second');
    await act(async () => { void router.navigate({ to: '/other' } as never); });
    expect(await screen.findByText('Leave without saving?')).toBeTruthy();
    await press('Leave');
    expect(await screen.findByText('another page')).toBeTruthy();
  });

  it('is not asked about when all is saved', async () => {
    answering(() => ({}));
    const { router } = await drawn(<SchemaForm form={form} object={object} onSaved={() => {}} />);
    await act(async () => { await router.navigate({ to: '/other' } as never); });
    expect(await screen.findByText('another page')).toBeTruthy();
  });
});
