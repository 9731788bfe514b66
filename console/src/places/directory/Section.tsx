import { Typography } from 'antd';
import type { ReactNode } from 'react';

import './directory.css';

interface SectionProps {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
  /** As wide as a form is comfortable. */
  narrow?: boolean;
  children: ReactNode;
}

/** A part of a page with its own heading. */
export function Section({ title, text, actions, narrow, children }: SectionProps) {
  return (
    <div className={narrow ? 'directory-section directory-narrow' : 'directory-section'}>
      <div className="directory-section-head">
        <div>
          <Typography.Title level={2}>{title}</Typography.Title>
          {text && <Typography.Text type="secondary">{text}</Typography.Text>}
        </div>
        {actions}
      </div>
      {children}
    </div>
  );
}
