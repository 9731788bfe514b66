import { act, render, screen } from '@testing-library/react';
import { EditorView } from '@codemirror/view';
import { useLayoutEffect, useState } from 'react';
import { beforeAll, expect, it } from 'vitest';

import { speak } from '../../i18n';
import CodeMirror from './CodeMirror';

beforeAll(async () => {
  // jsdom measures nothing.
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  await speak('en');
});

const editor = () => EditorView.findFromDOM(screen.getByLabelText('Code'))!;
const append = (text: string) => editor().dispatch({ changes: { from: editor().state.doc.length, insert: text } });

/** Types on as soon as a value is drawn, which is as soon as anybody can. */
function Page({ onDrawn }: { onDrawn: (value: string) => void }) {
  const [value, setValue] = useState('');
  useLayoutEffect(() => onDrawn(value), [value, onDrawn]);
  return <><CodeMirror value={value} onChange={setValue} label="Code" language="text" /><button onClick={() => setValue('other')}>put</button></>;
}

it('keeps a letter that is typed right after the one before it was drawn', async () => {
  render(<Page onDrawn={(value) => { if (value === 'a') append('b'); }} />);
  await act(async () => append('a'));
  expect(editor().state.doc.toString()).toBe('ab');
});

it('takes over what comes from outside', async () => {
  render(<Page onDrawn={() => {}} />);
  await act(async () => append('a'));
  await act(async () => screen.getByText('put').click());
  expect(editor().state.doc.toString()).toBe('other');
});
