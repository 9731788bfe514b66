// All stages, in which flows they stand.

import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { formFor, useFormDrawer, useForms } from '../../form';
import { ResourceList } from '../../list';
import { Empty, Go, Page, useDestroy, useGo } from '../../shell';
import type { Stage } from './data';
import { useKindName } from './flow/step';
import { NewKind } from './kinds/NewKind';
import { useKindOptions } from './kinds/useKinds';
import './kinds/kinds.css';

export default function StagesPage() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const kindName = useKindName();
  const kinds = useKindOptions('stage');
  const { data: forms } = useForms();
  const { open, element } = useFormDrawer();
  const create = <NewKind sort="stage" label={t('stages.create')} onSaved={(row) => go(`stages/${String(row.pk)}`)} />;
  const destroyAll = (rows: Stage[]) =>
    destroy({ noun: t('stages.noun'), consequence: t('stages.deleteText'), objects: rows.map(({ pk, name }) => ({ path: `stages/all/${pk}`, name })) });
  const edit = (row: Stage) => {
    const form = formFor(forms ?? [], { ...row });
    if (form) open({ form, objectKey: row.pk });
  };
  return (
    <Page title={t('menu.stages')} subtitle={t('stages.subtitle')} actions={<><Button onClick={() => go('stages/device-types')}>{t('stages.deviceTypes')}</Button>{create}</>}>
      <ResourceList<Stage>
        path="stages/all"
        label={t('menu.stages')}
        defaultOrder="name"
        to={({ pk }) => `stages/${pk}`}
        columns={[
          { key: 'name', title: t('flows.name'), sort: true },
          { key: 'kind', title: t('stages.kind'), sort: 'verbose_name', csv: 'verbose_name', render: kindName },
          { key: 'flows', title: t('stages.inFlows'), csv: false, render: ({ flow_set }) => <InFlows flows={flow_set} /> },
        ]}
        filters={[{ name: 'meta_model_name', label: t('stages.kind'), options: kinds }]}
        actions={[
          { key: 'edit', label: t('stages.edit'), run: edit },
          { key: 'delete', label: t('stages.delete'), danger: true, many: true, run: (row) => void destroyAll([row]), runMany: destroyAll },
        ]}
        empty={<Empty title={t('stages.none')} text={t('stages.noneText')} action={create} />}
      />
      {element}
    </Page>
  );
}

function InFlows({ flows }: { flows: Stage['flow_set'] }) {
  const { t } = useTranslation();
  if (flows.length === 0) return t('stages.inNoFlow');
  return <span className="stage-flows">{flows.map(({ pk, slug }) => <Go key={pk} to={`flows/${slug}`}>{slug}</Go>)}</span>;
}
