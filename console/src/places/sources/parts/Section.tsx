import { Flex, Typography } from 'antd';
import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  /** One or two sentences about it. */
  text?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, text, actions, children }: SectionProps) {
  return (
    <section className="sources-section">
      <Flex wrap gap="small" justify="space-between" align="start">
        <div>
          <Typography.Title level={2}>{title}</Typography.Title>
          {text && <Typography.Paragraph type="secondary">{text}</Typography.Paragraph>}
        </div>
        {actions}
      </Flex>
      {children}
    </section>
  );
}
