import { ArrowLeftOutlined } from '@ant-design/icons';
import { Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { Go } from './Go';

interface PageProps {
  /** Heading of the page, and the window's title. */
  title: string;
  subtitle?: ReactNode;
  /** Where this page belongs: a link above the heading. */
  back?: { to: string; label: string };
  /** Buttons beside the heading. */
  actions?: ReactNode;
  /** A column that is comfortable to read, for forms and texts. */
  narrow?: boolean;
  children: ReactNode;
}

/** A page: its heading, what can be done there, and the rest. */
export function Page({ title, subtitle, back, actions, narrow, children }: PageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('shell.product')}`;
  }, [title, t]);
  return (
    <div className={narrow ? 'page page-narrow' : 'page'}>
      {back && <Go to={back.to} className="page-back"><ArrowLeftOutlined aria-hidden /> {back.label}</Go>}
      <Flex wrap gap="middle" justify="space-between" align="start" className="page-head">
        <div className="page-title">
          <Typography.Title level={1}>{title}</Typography.Title>
          {subtitle && <Typography.Text type="secondary">{subtitle}</Typography.Text>}
        </div>
        {actions && <Flex wrap gap="small">{actions}</Flex>}
      </Flex>
      {children}
    </div>
  );
}
