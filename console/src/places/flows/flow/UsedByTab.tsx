import { useTranslation } from 'react-i18next';

import { useGet } from '../../../api/query';
import type { UsedBy } from '../../../list';
import { SmallTable } from '../../../list';
import { Empty, Go, Loading, Problem } from '../../../shell';
import type { Flow } from '../data';
import { useFlowUses } from '../uses';

interface Line {
  id: string;
  what: string;
  name: string;
  to: string;
}

/** What leads to this flow: brands, sources and providers by their settings, and stages whose settings name it. */
export function UsedByTab({ flow }: { flow: Flow }) {
  const { t } = useTranslation();
  const uses = useFlowUses();
  const { data, error, refetch } = useGet<UsedBy[]>(`flows/instances/${encodeURIComponent(flow.slug)}/used_by`);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data || !uses) return <Loading />;
  const rows: Line[] = uses(flow.pk).map(({ setting, name, to }) => ({ id: `${setting} ${to}`, what: t(`flows.usedAs.${setting}`), name, to }));
  for (const { app, pk, name } of data) {
    if (app.startsWith('authentik_stages_')) rows.push({ id: pk, what: t('flows.usedAs.stage'), name, to: `stages/${pk}` });
  }
  return (
    <SmallTable<Line>
      label={t('flows.usedBy')}
      rowKey="id"
      rows={rows}
      columns={[
        { key: 'name', title: t('flows.usedByWhat'), render: ({ name, to }) => <Go to={to}>{name}</Go> },
        { key: 'what', title: t('flows.usedByAs') },
      ]}
      empty={<Empty title={t('flows.usedByNothing')} text={t('flows.usedByNothingText')} />}
    />
  );
}
