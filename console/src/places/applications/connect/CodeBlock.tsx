import { theme } from 'antd';

import { Copy } from '../../../shell';

interface CodeBlockProps {
  /** What is shown. */
  text: string;
  /** What is copied, where a secret is not shown. */
  whole?: string;
  label: string;
}

/** Lines to be pasted as they are. */
export function CodeBlock({ text, whole = text, label }: CodeBlockProps) {
  const { token } = theme.useToken();
  return (
    <div className="applications-block">
      <pre tabIndex={0} aria-label={label} style={{ background: token.colorFillTertiary, color: token.colorText }}><code>{text}</code></pre>
      <div className="applications-block-copy"><Copy text={whole} label={label} /></div>
    </div>
  );
}
