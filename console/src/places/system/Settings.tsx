import { useTranslation } from 'react-i18next';

import { useObject } from '../../api/query';
import { useForm } from '../../form/forms';
import { SchemaForm } from '../../form/SchemaForm';
import { Loading, Page, Problem, useSay } from '../../shell';

/** The settings of the whole installation. */
export default function Settings() {
  const { t } = useTranslation();
  const say = useSay();
  const form = useForm('Settings');
  const { data, error, refetch } = useObject('admin/settings');
  return (
    <Page title={t('menu.settings')} subtitle={t('system.settings.text')} narrow>
      {error && !data && <Problem error={error} onRetry={() => void refetch()} />}
      {!error && (!form || !data) && <Loading />}
      {form && data && <SchemaForm form={form} object={data} onSaved={() => say.done(t('system.saved'))} />}
    </Page>
  );
}
