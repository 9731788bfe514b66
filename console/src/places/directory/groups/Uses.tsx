import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { useList } from '../../../api/query';
import { SmallTable } from '../../../list';
import { Go, Loading } from '../../../shell';
import { Mark } from '../Mark';
import { Section } from '../Section';

interface Binding {
  pk: string;
  target: string;
  enabled: boolean;
  negate: boolean;
  order: number;
}

/** What stands under the rule of a binding: its page and its name. */
interface Target {
  to: string;
  name: string;
  /** The key of its noun. */
  noun: string;
}

/** Where bindings name a group or a user: what they decide about. Nothing is drawn where there are none. */
export function Uses({ of, pk }: { of: 'group' | 'user'; pk: string | number }) {
  const { t } = useTranslation();
  const bindings = useList<Binding>('policies/bindings', { [of]: pk, page_size: 100 });
  const rows = bindings.data?.results ?? [];
  const targets = useTargets(rows.length > 0);
  if (rows.length === 0) return null;
  return (
    <Section title={t('groups.uses.title')} text={t('groups.uses.text')}>
      {!targets ? <Loading /> : (
        <SmallTable<Binding>
          rows={rows}
          rowKey="pk"
          label={t('groups.uses.title')}
          columns={[
            { key: 'target', title: t('groups.uses.target'), render: ({ target }) => <Named target={targets.get(target)} id={target} /> },
            { key: 'says', title: t('groups.uses.says'), render: ({ negate, enabled }) => (
              <Flex gap="small" wrap>
                <span>{t(negate ? 'groups.uses.refused' : 'groups.uses.allowed')}</span>
                {!enabled && <Mark>{t('groups.uses.disabled')}</Mark>}
              </Flex>
            ) },
          ]}
        />
      )}
    </Section>
  );
}

function Named({ target, id }: { target: Target | undefined; id: string }) {
  const { t } = useTranslation();
  return target ? <><Go to={target.to}>{target.name}</Go> ({t(target.noun)})</> : <code>{id}</code>;
}

/** What bindings can stand at, by the id that they name. It is configuration, so it is few; undefined while it is on its way. */
function useTargets(wanted: boolean): Map<string, Target> | undefined {
  const all = { page_size: 100 };
  const applications = useList('core/applications', { ...all, superuser_full_list: true }, wanted);
  const flows = useList('flows/instances', all, wanted);
  const sources = useList('sources/all', all, wanted);
  const stages = useList('flows/bindings', all, wanted);
  if (!applications.data || !flows.data || !sources.data || !stages.data) return undefined;
  const out = new Map<string, Target>();
  const put = (rows: Row[], target: (row: Row) => Target) => rows.forEach((row) => {
    for (const id of [row.pk, row.pbm_uuid, row.policybindingmodel_ptr_id]) if (typeof id === 'string') out.set(id, target(row));
  });
  put(applications.data.results, (row) => ({ to: `applications/${String(row.slug)}`, name: String(row.name), noun: 'menu.applications' }));
  put(flows.data.results, (row) => ({ to: `flows/${String(row.slug)}`, name: String(row.name), noun: 'menu.flows' }));
  put(sources.data.results, (row) => ({ to: `sources/${String(row.slug)}`, name: String(row.name), noun: 'menu.sources' }));
  const slugs = new Map(flows.data.results.map((row) => [row.pk, String(row.slug)]));
  put(stages.data.results, (row) => ({
    to: `flows/${slugs.get(row.target) ?? ''}`, name: String((row.stage_obj as Row | null)?.name ?? ''), noun: 'menu.stages',
  }));
  return out;
}
