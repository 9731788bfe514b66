// One stage: its settings, and where it stands.

import { Button, Tabs, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../api/query';
import { formFor, useForms } from '../../form';
import { SmallTable, UsedByTable } from '../../list';
import { Empty, Go, Loading, Page, Problem, useAddress, useDestroy, useGo, useParam } from '../../shell';
import type { Stage } from './data';
import { useKindName } from './flow/step';
import { KindedEditor } from './kinds/KindedEditor';
import './kinds/kinds.css';

export default function StagePage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const kindName = useKindName();
  const { data: forms } = useForms();
  const [address, setAddress] = useAddress();
  const { data: stage, error, refetch } = useGet<Stage>(`stages/all/${pk}`);
  const destroy = useDestroy();
  const go = useGo();
  const back = { to: 'stages', label: t('menu.stages') };
  if (!stage) return <Page title={t('stages.noun')} back={back}>{error ? <Problem error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  const remove = () => destroy({
    noun: t('stages.noun'), consequence: t('stages.deleteText'), objects: [{ path: `stages/all/${pk}`, name: stage.name }], onDone: () => go('stages', { replace: true }),
  });
  const subtitle = <><Tag>{kindName(stage)}</Tag> {formFor(forms ?? [], { ...stage })?.description}</>;
  return (
    <Page title={stage.name} subtitle={subtitle} back={back} actions={<Button danger onClick={remove}>{t('stages.delete')}</Button>}>
      <Tabs
        activeKey={address.tab ?? 'settings'}
        onChange={(tab) => setAddress({ tab: tab === 'settings' ? undefined : tab })}
        // What was typed into the settings stands there when one comes back.
        items={[
          { key: 'settings', label: t('menu.settings'), children: <KindedEditor key={pk} row={stage} /> },
          { key: 'flows', label: t('stages.inFlows'), destroyOnHidden: true, children: <Flows stage={stage} /> },
          { key: 'used', label: t('flows.usedBy'), destroyOnHidden: true, children: <UsedByTable path={`stages/all/${pk}`} /> },
        ]}
      />
    </Page>
  );
}

function Flows({ stage }: { stage: Stage }) {
  const { t } = useTranslation();
  return (
    <SmallTable<Stage['flow_set'][number]>
      label={t('stages.inFlows')}
      rows={stage.flow_set}
      columns={[
        { key: 'name', title: t('flows.name'), render: ({ slug, name }) => <Go to={`flows/${slug}`}>{name}</Go> },
        { key: 'slug', title: t('flows.slug'), render: ({ slug }) => <span className="code">{slug}</span> },
      ]}
      empty={<Empty title={t('stages.inNoFlow')} text={t('stages.inNoFlowText')} />}
    />
  );
}
