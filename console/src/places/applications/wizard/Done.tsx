import { Button, Flex, Result } from 'antd';
import { useTranslation } from 'react-i18next';

import { useObject } from '../../../api/query';
import { Loading, Problem, useGo } from '../../../shell';
import type { Application } from '../application';
import { HowToConnect } from '../connect/HowToConnect';

/** It is made: what is left to do is at the application. */
export function Done({ slug }: { slug: string }) {
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
            <Button type="primary" onClick={() => go(`applications/${app.slug}`)}>{t('applications.wizard.made.open')}</Button>
            <Button onClick={() => go('applications')}>{t('applications.wizard.made.list')}</Button>
          </Flex>
        )}
      />
      <HowToConnect application={app} />
    </div>
  );
}
