import { Tag } from 'antd';
import type { ReactNode } from 'react';

import './directory.css';

/** How something stands. */
export type Tone = 'good' | 'bad' | 'careful' | 'told' | 'plain';

/** A short word about how something stands, in colours that can be read on it. */
export function Mark({ tone = 'plain', children, focusable }: { tone?: Tone; children: ReactNode; focusable?: boolean }) {
  return <Tag variant="filled" className={`mark mark-${tone}`} {...(focusable && { tabIndex: 0 })}>{children}</Tag>;
}
