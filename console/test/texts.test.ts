// Every text is there in both languages, every text is used, and every text that is used is there.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../src');

type Tree = { [key: string]: string | Tree };

/** All texts of a language by their whole keys. */
function texts(language: string): Map<string, string> {
  const out = new Map<string, string>();
  const walk = (prefix: string, tree: Tree) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') out.set(`${prefix}.${key}`, value);
      else walk(`${prefix}.${key}`, value);
    }
  };
  for (const file of readdirSync(join(root, 'texts')).filter((name) => name.endsWith(`.${language}.json`))) {
    walk(file.split('.')[0]!, JSON.parse(readFileSync(join(root, 'texts', file), 'utf8')) as Tree);
  }
  return out;
}

const source = (readdirSync(root, { recursive: true, encoding: 'utf8' }))
  .filter((name) => /\.tsx?$/.test(name) && !/\.(gen|test)\./.test(name))
  .map((name) => readFileSync(join(root, name), 'utf8')).join('\n');

const en = texts('en');
const zh = texts('zh');
/** i18next finds the form for a count by these ends. */
const plain = (key: string) => key.replace(/_(one|other)$/, '');
const keys = new Set([...en.keys()].map(plain));
const areas = new Set([...keys].map((key) => key.split('.')[0]));

/** Whatever in the code looks like a key: whole ones, and beginnings of those that are put together. */
const named = new Set([...source.matchAll(/['"`]([a-z]\w*(?:\.[\w-]+)+)['"`]/g)].map(([, key]) => key!));
const begun = [...source.matchAll(/`([a-z]\w*\.(?:[\w-]+\.)*[\w-]*)\$\{/g)].map(([, prefix]) => prefix!);

describe('texts', () => {
  it('are in both languages', () => {
    expect([...en.keys()].filter((key) => !zh.has(key))).toEqual([]);
    expect([...zh.keys()].filter((key) => !en.has(key))).toEqual([]);
  });

  it('have the same placeholders in both', () => {
    const holes = (text = '') => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();
    const differ = [...en].filter(([key, text]) => JSON.stringify(holes(text)) !== JSON.stringify(holes(zh.get(key))) && !/_(one|other)$/.test(key));
    expect(differ.map(([key]) => key)).toEqual([]);
  });

  it('are all used', () => {
    expect([...keys].filter((key) => !named.has(key) && !begun.some((prefix) => key.startsWith(prefix)))).toEqual([]);
  });

  it('are all there that are used', () => {
    const used = [...source.matchAll(/\bt\(\s*['"]([^'"]+)['"]/g)].map(([, key]) => key!);
    expect(used.filter((key) => areas.has(key.split('.')[0]) ? !keys.has(key) : true)).toEqual([]);
  });

  it('are Chinese where they should be', () => {
    expect([...zh].filter(([key, text]) => /[\u4e00-\u9fff][,:;?!]|[,;?!][\u4e00-\u9fff]/.test(text) && en.has(key)).map(([key, text]) => `${key}: ${text}`)).toEqual([]);
    const same = [...zh].filter(([key, text]) => en.get(key) === text && /[a-z]{4,}/.test(text) && text.split(' ').length > 2);
    expect(same.map(([key]) => key)).toEqual([]);
  });
});
