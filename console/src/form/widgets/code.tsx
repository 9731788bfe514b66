import { useEffect, useRef } from 'react';

import type { CodeFault } from '../code/CodeMirror';
import { CodeEditor } from '../CodeEditor';
import { useDraftAround } from '../draft';
import type { WidgetProps } from '../props';
import { text } from '../props';
import { codeWidgets, widgetHead } from '../widget';
import { Lines } from './text';

/** "line 2, column 12: undefined: regex_mach" with its place, in whichever language it is said. */
export function codeFault(said: string): CodeFault {
  const match = /^(?:line |第 )(\d+)(?:, column | 行第 )(\d+)(?:: | 列：)(.*)$/s.exec(said);
  return match ? { line: Number(match[1]), column: Number(match[2]), message: match[3] ?? '' } : { message: said };
}

/**
 * An expression. The server looks at it as it is typed. "expression:flag" is one only where the field of that name says so; else it is plain text.
 */
export function Expression(props: WidgetProps) {
  const { field, id, value, onChange, onBlur, describedBy, faults } = props;
  const draft = useDraftAround();
  const [, flag] = field.widget.split(':');
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(settle.current), []);
  if (flag && draft?.values[flag] !== true) return <Lines {...props} />;
  const change = (next: string) => {
    onChange(next);
    clearTimeout(settle.current);
    settle.current = setTimeout(onBlur, 600); // then the fault may be shown, though the cursor is still there
  };
  return (
    <CodeEditor
      id={id} value={text(value)} onChange={change} onBlur={onBlur} language="python" label={field.title} minLines={6} describedBy={describedBy}
      faults={(faults[''] ?? []).map(codeFault)} invalid={Object.keys(faults).length > 0}
    />
  );
}

export function Code({ field, id, value, onChange, onBlur, describedBy, faults }: WidgetProps) {
  return (
    <CodeEditor
      id={id} value={text(value)} onChange={onChange} onBlur={onBlur} language={codeWidgets[widgetHead(field)] ?? 'text'} label={field.title} minLines={6} describedBy={describedBy}
      invalid={Object.keys(faults).length > 0}
    />
  );
}
