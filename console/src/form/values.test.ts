import { describe, expect, it } from 'vitest';

import { faultsOf } from './check';
import { formatDuration, parseDuration } from './duration';
import { faultsByPlace, faultsWithin, known } from './faults';
import { makeField } from './forms';
import { moved } from './ListEditor';
import { same, slugOf } from './values';
import { narrowing, widgetOf } from './widget';
import { codeFault } from './widgets/code';

describe('values', () => {
  it('are the same if their JSON is, whatever the order of keys', () => {
    expect(same({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
    for (const [a, b] of [[{ a: undefined }, { b: undefined }], [[1, 2], [2, 1]], [null, {}], [{}, []], ['1', 1], [0, false]]) expect(same(a, b)).toBe(false);
  });

  it.each([['My First App', 'my-first-app'], ['  Ärger & Co. ', 'arger-co'], ['微信', ''], ['微信 WeChat', 'wechat'], ['a'.repeat(80), 'a'.repeat(50)]])('%s gives the slug %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});

describe('durations', () => {
  it.each(['hours=1;minutes=30', 'days=30', 'seconds=0', 'weeks=-1', 'minutes=1.5'])('%s stays as it was written', (text) => {
    expect(formatDuration(parseDuration(text) ?? [])).toBe(text);
  });
  it.each(['1h', 'hours=', 'fortnights=1', 'hours=1;x'])('%s is none', (text) => expect(parseDuration(text)).toBeUndefined());
});

describe('faults', () => {
  it('of the server are brought to their place', () => {
    expect(faultsByPlace({ redirect_uris: ['Item 2: url: This field may not be blank.'], name: ['x: y'], other: ['No.'], non_field_errors: ['Both.'] }, ['redirect_uris', 'name']))
      .toEqual({ 'redirect_uris.1.url': ['This field may not be blank.'], name: ['x: y'], '': ['other: No.', 'Both.'] });
  });
  it('within a field are those of its parts', () => {
    expect(faultsWithin({ 'a.0.url': ['x'], a: ['y'], ab: ['z'] }, 'a')).toEqual({ '0.url': ['x'], '': ['y'] });
  });
  it('that programs compare are translated for people, others stand as they are', () => {
    expect(known('Ensure this field has no more than 255 characters.')).toEqual({ key: 'long', args: { max: '255' } });
    expect(known('line 2, column 12: undefined: regex_mach')).toEqual({ key: 'undefinedAt', args: { line: '2', column: '12', name: 'regex_mach' } });
    expect(known("line 1, column 19: got '=', want primary expression")).toEqual({ key: 'gotAt', args: { line: '1', column: '19', got: "'='", want: 'primary expression' } });
    expect(known('The id is of another sort.')).toBeUndefined();
  });
  it('of an expression have their line', () => {
    expect(codeFault('line 2, column 12: undefined: regex_mach')).toEqual({ line: 2, column: 12, message: 'undefined: regex_mach' });
    expect(codeFault('第 2 行第 12 列：没有名为 x 的变量或函数')).toMatchObject({ line: 2, column: 12 });
    expect(codeFault('Too long.')).toEqual({ message: 'Too long.' });
  });
});

describe('checking', () => {
  const text = makeField({ name: 'f', title: 'F', type: 'string' });
  it.each([
    ['an empty text that is required', { ...text, required: true }, '', 'required'],
    ['an empty text that may be blank', { ...text, required: true, blank: true }, '', undefined],
    ['characters, not bytes', { ...text, max_length: 2 }, '微信', undefined],
    ['one too many', { ...text, max_length: 2 }, '微信登', 'long'],
    ['a slug in Chinese', { ...text, slug: true }, '微信', 'slug'],
    ['a fraction for an integer', { ...text, type: 'integer' as const }, 1.5, 'integer'],
    ['nothing for a number', { ...text, type: 'number' as const }, null, 'required'],
    ['nothing for a number that may be none', { ...text, type: 'number' as const, nullable: true }, null, undefined],
    ['an object whose text cannot be read', { ...text, type: 'object' as const }, '{"a":', 'json'],
  ])('%s', (_, field, value, key) => expect(faultsOf(field, value, true).f?.[0]?.key).toBe(key));
  it('a secret that is kept is not asked for again', () => {
    const secret = { ...text, type: 'secret' as const, write_only: true, required: true };
    expect(faultsOf(secret, undefined, false)).toEqual({});
    expect(faultsOf(secret, null, true)).toEqual({ f: [{ key: 'required' }] });
    expect(faultsOf(secret, '', false)).toEqual({ f: [{ key: 'required' }] });
  });
});

describe('widgets', () => {
  const of = (field: Partial<Parameters<typeof widgetOf>[0]>) => widgetOf(makeField({ name: 'f', title: 'F', type: 'string', ...field }));
  const choices = (n: number) => Array.from({ length: n }, (_, i) => ({ value: String(i), title: String(i) }));
  it('of choices: few stand side by side', () => {
    expect([of({ enum: choices(3) }), of({ enum: choices(4) }), of({ enum: choices(2), nullable: true })]).toEqual(['radio', 'select', 'select']);
  });
  it('of lists', () => {
    const item = makeField({ name: '', title: '', type: 'string' });
    expect([
      of({ type: 'list', item, ref: 'stage' }), of({ type: 'list', item, ref: 'stage', widget: 'ordered' }), of({ type: 'list', item }), of({ type: 'list', item: { ...item, enum: choices(200) } }),
      of({ type: 'list', item: { ...item, type: 'list' } }),
    ]).toEqual(['references', 'ordered', 'tags', 'choices', 'raw']);
  });
  it('are told by their field what is offered', () => {
    expect(narrowing(makeField({ name: 'f', title: 'F', type: 'string', widget: 'where:designation=enrollment' }))).toEqual({ designation: 'enrollment' });
  });
});

it('items move and none is lost', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});
