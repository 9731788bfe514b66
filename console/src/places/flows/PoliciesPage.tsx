// All policies.

import { useTranslation } from 'react-i18next';

import { ResourceList } from '../../list';
import { Empty, Page, useDestroy, useGo } from '../../shell';
import type { Kinded } from './data';
import { useKindName } from './flow/step';
import { NewKind } from './kinds/NewKind';
import { useKindOptions } from './kinds/useKinds';

interface Policy extends Kinded {
  bound_to: number;
  execution_logging: boolean;
}

export default function PoliciesPage() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const kindName = useKindName();
  const kinds = useKindOptions('policy');
  const create = <NewKind sort="policy" label={t('policies.create')} onSaved={(row) => go(`policies/${String(row.pk)}`)} />;
  const destroyAll = (rows: Policy[]) =>
    destroy({ noun: t('policies.noun'), consequence: t('policies.deleteText'), objects: rows.map(({ pk, name }) => ({ path: `policies/all/${pk}`, name })) });
  return (
    <Page title={t('menu.policies')} subtitle={t('policies.subtitle')} actions={create}>
      <ResourceList<Policy>
        path="policies/all"
        label={t('menu.policies')}
        defaultOrder="name"
        to={({ pk }) => `policies/${pk}`}
        columns={[
          { key: 'name', title: t('flows.name'), sort: true },
          { key: 'kind', title: t('stages.kind'), sort: 'verbose_name', csv: 'verbose_name', render: kindName },
          { key: 'bound_to', title: t('policies.bound'), sort: true, render: ({ bound_to }) => (bound_to === 0 ? t('policies.notBound') : bound_to) },
          { key: 'execution_logging', title: t('policies.logging'), sort: true, hidden: true },
        ]}
        filters={[{ name: 'meta_model_name', label: t('stages.kind'), options: kinds }]}
        actions={[{ key: 'delete', label: t('policies.delete'), danger: true, many: true, run: (row) => void destroyAll([row]), runMany: destroyAll }]}
        empty={<Empty title={t('policies.none')} text={t('policies.noneText')} action={create} />}
      />
    </Page>
  );
}
