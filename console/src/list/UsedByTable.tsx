import { useTranslation } from 'react-i18next';

import { useGet } from '../api/query';
import { useNounOf } from '../form/forms';
import { Go } from '../shell/Go';
import { Empty, Loading, Problem } from '../shell/states';
import { SmallTable } from './SmallTable';

/** One of what uses an object, as the lists of uses have it. */
export interface UsedBy {
  app: string;
  model_name: string;
  pk: string;
  name: string;
  action: string;
}

/** The pages of what may use something here, by the beginning of the app's label and the model's. */
const pages: [app: string, model: string, page: string][] = [
  ['authentik_stages_prompt', 'prompt', 'prompts'], ['authentik_stages_', '', 'stages'], ['authentik_policies_', '', 'policies'], ['authentik_brands', '', 'brands'],
  ['authentik_providers_', '', 'providers'],
];

const bindings = ['flowstagebinding', 'policybinding'];

/** Where something that uses an object has its page, undefined where its key is not that of its page. */
export function pageOf({ app, model_name, pk }: UsedBy): string | undefined {
  if (model_name.endsWith('mapping')) return `property-mappings/${pk}`;
  const found = pages.find(([prefix, model]) => app.startsWith(prefix) && (model === '' || model === model_name));
  return found && `${found[2]}/${pk}`;
}

/** What uses an object by its settings. Bindings are shown where they are made. nothing: what it means that there is no use. */
export function UsedByTable({ path, nothing = '' }: { path: string; nothing?: string }) {
  const { t } = useTranslation();
  const nounOf = useNounOf();
  const { data, error, refetch } = useGet<UsedBy[]>(`${path}/used_by`);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <SmallTable<UsedBy>
      label={t('flows.usedBy')}
      rows={data.filter(({ model_name }) => !bindings.includes(model_name))}
      columns={[
        {
          key: 'name', title: t('flows.usedByWhat'),
          render: (row) => {
            const page = pageOf(row);
            return page ? <Go to={page}>{row.name}</Go> : row.name;
          },
        },
        { key: 'model_name', title: t('stages.model'), render: nounOf },
      ]}
      empty={<Empty title={t('stages.usedByNothing')} {...(nothing && { text: nothing })} />}
    />
  );
}
