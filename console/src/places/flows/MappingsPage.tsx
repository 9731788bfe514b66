// All property mappings.

import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { ResourceList } from '../../list';
import { Empty, Page, useDestroy, useGo } from '../../shell';
import type { Kinded } from './data';
import { useKindName } from './flow/step';
import { NewKind } from './kinds/NewKind';
import { useKindOptions } from './kinds/useKinds';

interface Mapping extends Kinded {
  managed: string | null;
}

export default function MappingsPage() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const kindName = useKindName();
  const kinds = useKindOptions('propertymapping');
  const create = <NewKind sort="propertymapping" label={t('mappings.create')} onSaved={(row) => go(`property-mappings/${String(row.pk)}`)} />;
  const destroyAll = (rows: Mapping[]) =>
    destroy({ noun: t('mappings.noun'), consequence: t('mappings.deleteText'), objects: rows.map(({ pk, name }) => ({ path: `propertymappings/all/${pk}`, name })) });
  return (
    <Page title={t('menu.propertyMappings')} subtitle={t('mappings.subtitle')} actions={create}>
      <ResourceList<Mapping>
        path="propertymappings/all"
        label={t('menu.propertyMappings')}
        defaultOrder="name"
        to={({ pk }) => `property-mappings/${pk}`}
        columns={[
          { key: 'name', title: t('flows.name'), sort: true },
          { key: 'kind', title: t('stages.kind'), sort: 'verbose_name', csv: 'verbose_name', render: kindName },
          { key: 'managed', title: t('mappings.origin'), sort: true, render: ({ managed }) => (managed ? <Tag>{t('mappings.managed')}</Tag> : t('mappings.own')) },
        ]}
        filters={[
          { name: 'meta_model_name', label: t('stages.kind'), options: kinds },
          { name: 'managed__isnull', label: t('mappings.origin'), options: [{ value: 'true', label: t('mappings.own') }, { value: 'false', label: t('mappings.managed') }] },
        ]}
        actions={[{ key: 'delete', label: t('mappings.delete'), danger: true, many: true, run: (row) => void destroyAll([row]), runMany: destroyAll }]}
        empty={<Empty title={t('mappings.none')} text={t('mappings.noneText')} action={create} />}
      />
    </Page>
  );
}
