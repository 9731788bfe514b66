import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import { useList } from '../../api/query';
import { SchemaForm } from '../../form';
import { useGo } from '../../shell/Go';
import { usePublic } from '../../shell/me';
import { CopyField } from '../../shell/Copy';
import { Loading } from '../../shell/states';
import type { NamedFlow } from './model';
import type { NewSourceProps } from './pages';

/** The flows that a new source begins with: authentik's, which are there from the first start on. */
export function useCustomaryFlows() {
  const { data } = useList<NamedFlow>('flows/instances', { page_size: 100, ordering: 'name' });
  const find = (slug: string) => data?.results.find((flow) => flow.slug === slug)?.pk ?? null;
  return data && { authentication_flow: find('default-source-authentication'), enrollment_flow: find('default-source-enrollment') };
}

/** A source of any kind, made by its form. */
export default function NewGeneric({ form, preset }: NewSourceProps) {
  const { t } = useTranslation();
  const go = useGo();
  const { origin } = usePublic();
  const flows = useCustomaryFlows();
  if (!flows) return <Loading />;
  const kind = form.path.split('/').pop() ?? '';
  return (
    <SchemaForm
      form={form}
      preset={{ ...flows, ...preset }}
      submit={t('sources.create')}
      onSaved={(row) => go(`sources/${String(row.slug)}`)}
      onCancel={() => go('sources')}
      before={typeof preset.slug === 'string' && (
        <Alert
          type="info"
          className="sources-gap"
          title={t('sources.callback.first')}
          description={<CopyField value={`${origin}/source/${kind}/callback/${preset.slug}/`} label={t('sources.callback.title')} />}
        />
      )}
    />
  );
}
