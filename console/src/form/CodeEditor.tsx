import { Skeleton } from 'antd';
import { lazy, Suspense } from 'react';

import type { CodeMirrorProps } from './code/CodeMirror';

const CodeMirror = lazy(() => import('./code/CodeMirror'));

/** An editor for code. It is fetched when the first one is shown. */
export function CodeEditor(props: CodeMirrorProps) {
  return (
    <Suspense fallback={<Skeleton.Node active className="form-code-wait" />}>
      <CodeMirror {...props} />
    </Suspense>
  );
}
