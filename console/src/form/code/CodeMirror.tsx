import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, defaultHighlightStyle, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import type { Diagnostic } from '@codemirror/lint';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { nonce } from '../../nonce';
import { useLook } from '../../theme';
import { complete } from './words';

/** Something wrong in the text. Lines and columns count from 1; without a line it is the whole text. */
export interface CodeFault {
  line?: number;
  column?: number;
  message: string;
}

export type CodeLanguage = 'python' | 'yaml' | 'json' | 'css' | 'text';

export interface CodeMirrorProps {
  value: string;
  onChange?: (value: string) => void;
  language?: CodeLanguage;
  label: string;
  id?: string;
  readOnly?: boolean;
  faults?: readonly CodeFault[];
  minLines?: number;
  onBlur?: () => void;
  describedBy?: string;
  invalid?: boolean;
}

const darkColours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: '#c792ea' },
  { tag: [tags.string, tags.special(tags.string)], color: '#a5d6a7' },
  { tag: [tags.number, tags.bool, tags.null], color: '#f2b37a' },
  { tag: tags.comment, color: '#9a9a9a' },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName), tags.propertyName], color: '#82b1ff' },
]);

/** Where a fault stands in the text. */
function diagnostics(state: EditorState, faults: readonly CodeFault[]): Diagnostic[] {
  return faults.map(({ line, column, message }) => {
    if (!line) return { from: 0, to: state.doc.length, severity: 'error', message };
    const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    const from = Math.min(at.from + Math.max((column ?? 1) - 1, 0), at.to);
    const word = /^\w*/.exec(state.sliceDoc(from, at.to))?.[0].length ?? 0;
    return { from, to: Math.max(from + word, Math.min(from + 1, at.to)), severity: 'error', message };
  });
}

function languageOf(language: CodeLanguage) {
  if (language === 'python') return [python(), autocompletion({ override: [complete] })];
  if (language === 'yaml' || language === 'json') return [yaml()]; // JSON is a part of YAML
  return [];
}

/**
 * Types over what is selected ourselves. Browsers keep the style of what is typed over in a style attribute, which the policy refuses and the editor takes away again.
 */
function typeOver(e: InputEvent, view: EditorView): boolean {
  const { from, to } = view.state.selection.main;
  const text = e.data;
  if (e.inputType !== 'insertText' || !text || from === to || view.composing || view.state.readOnly) return false;
  e.preventDefault();
  const typed = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
  if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, typed))) view.dispatch(typed());
  return true;
}

/** While completions are offered Escape closes them, and not the drawer that the editor stands in. */
function keepEscape(box: HTMLElement, view: EditorView): () => void {
  let offered = false;
  const before = () => { offered = completionStatus(view.state) !== null; };
  const after = (e: KeyboardEvent) => { if (e.key === 'Escape' && offered) e.stopPropagation(); };
  box.addEventListener('keydown', before, { capture: true });
  box.addEventListener('keydown', after);
  return () => {
    box.removeEventListener('keydown', before, { capture: true });
    box.removeEventListener('keydown', after);
  };
}

export default function CodeMirror({ value, onChange, language = 'python', label, id, readOnly, faults, minLines = 4, onBlur, describedBy, invalid }: CodeMirrorProps) {
  const { t } = useTranslation();
  const { dark } = useLook();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const parts = useRef({ theme: new Compartment(), said: new Compartment(), locked: new Compartment() });
  const heard = useRef({ onChange, onBlur });
  heard.current = { onChange, onBlur };

  useEffect(() => {
    if (!place.current) return undefined;
    const { theme, said, locked } = parts.current;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(), history(), bracketMatching(), closeBrackets(), lintGutter(), indentUnit.of(language === 'python' ? '    ' : '  '), EditorView.lineWrapping,
          // Tab indents; Escape first lets it move on, as everywhere else.
          keymap.of([{ key: 'Tab', run: indentMore, shift: indentLess }, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
          languageOf(language), theme.of([]), said.of([]), locked.of([]),
          EditorView.domEventHandlers({ beforeinput: typeOver }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) heard.current.onChange?.(update.state.doc.toString());
            if (update.focusChanged && !update.view.hasFocus) heard.current.onBlur?.();
          }),
        ],
      }),
    });
    view.current = made;
    const stop = keepEscape(place.current, made);
    return () => {
      stop();
      made.destroy();
      view.current = null;
    };
    // The editor keeps its text itself; changes from outside are brought to it below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [language]);

  // Before anybody can type on: a keystroke between drawing and this would be overwritten by the value of before it.
  useLayoutEffect(() => {
    const now = view.current?.state.doc.toString();
    if (view.current && now !== value) view.current.dispatch({ changes: { from: 0, to: now?.length ?? 0, insert: value } });
  }, [value, language]);

  useEffect(() => {
    const { theme, said, locked } = parts.current;
    view.current?.dispatch({
      effects: [
        theme.reconfigure([EditorView.theme({}, { dark }), syntaxHighlighting(dark ? darkColours : defaultHighlightStyle)]),
        locked.reconfigure([EditorState.readOnly.of(Boolean(readOnly)), EditorView.editable.of(!readOnly)]),
        said.reconfigure([
          EditorView.contentAttributes.of({
            'aria-label': label, ...(id && { id }), ...(describedBy && { 'aria-describedby': describedBy }), 'aria-invalid': String(Boolean(invalid)),
            'aria-multiline': 'true', ...(readOnly && { tabindex: '0', 'aria-readonly': 'true' }), spellcheck: 'false',
          }),
          EditorState.phrases.of({ Completions: t('form.code.completions'), Diagnostics: t('form.code.faults') }),
        ]),
      ],
    });
  }, [dark, label, id, describedBy, invalid, readOnly, language, t]);

  useEffect(() => {
    if (view.current) view.current.dispatch(setDiagnostics(view.current.state, diagnostics(view.current.state, faults ?? [])));
  }, [faults, language]);

  return <div ref={place} className={['form-code', invalid && 'form-code-wrong', `form-code-min-${Math.min(minLines, 12)}`].filter(Boolean).join(' ')} />;
}
