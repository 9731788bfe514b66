import { Button, Flex, Result } from 'antd';
import { useTranslation } from 'react-i18next';

import { useObject } from '../../../api/query';
import { Loading, Problem, useGo } from '../../../shell';
import type { Application } from '../application';
import { HowToConnect } from '../connect/HowToConnect';

interface DoneProps {
  slug: string;
  /** The source that the first-run page is setting up, where the wizard was opened from there. */
  welcome: string | undefined;
}

/** It is made: what is left to do is at the application, or on the first-run page. */
export function Done({ slug, welcome }: DoneProps) {
  const { t } = useTranslation();
  const go = useGo();
  const { data, error, refetch } = useObject<Application>(`core/applications/${slug}`);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const app = data.data;
  return (
    <div className="applications-stack">
      <Result
        status="success"
        title={t('applications.wizard.made.title', { name: app.name })}
        subTitle={t('applications.wizard.made.text')}
        extra={(
          <Flex gap="small" wrap justify="center">
            {welcome && (
              <Button type="primary" onClick={() => go(`welcome?step=arrival&source=${encodeURIComponent(welcome)}`)}>{t('applications.wizard.made.welcome')}</Button>
            )}
            <Button type={welcome ? 'default' : 'primary'} onClick={() => go(`applications/${app.slug}`)}>{t('applications.wizard.made.open')}</Button>
            <Button onClick={() => go('applications')}>{t('applications.wizard.made.list')}</Button>
          </Flex>
        )}
      />
      <HowToConnect application={app} />
    </div>
  );
}
