// One property mapping: its expression, trying it out, and what uses it.

import { Alert, Button, Tabs, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../api/query';
import { formFor, useForms } from '../../form';
import { UsedByTable } from '../../list';
import { Loading, Page, Problem, useAddress, useDestroy, useGo, useParam } from '../../shell';
import type { Kinded } from './data';
import { useKindName } from './flow/step';
import { KindedEditor } from './kinds/KindedEditor';
import { mappingTrials } from './pages';
import { ClaimsTrial, ProfileTrial } from './trials/MappingTrial';
import './kinds/kinds.css';

const trials = { profile: ProfileTrial, claims: ClaimsTrial };

export default function MappingPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const kindName = useKindName();
  const { data: forms } = useForms();
  const [address, setAddress] = useAddress();
  const { data: mapping, error, refetch } = useGet<Kinded & { managed: string | null }>(`propertymappings/all/${pk}`);
  const destroy = useDestroy();
  const go = useGo();
  const back = { to: 'property-mappings', label: t('menu.propertyMappings') };
  if (!mapping) return <Page title={t('mappings.noun')} back={back}>{error ? <Problem error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  const remove = () => destroy({
    noun: t('mappings.noun'), consequence: t('mappings.deleteText'), objects: [{ path: `propertymappings/all/${pk}`, name: mapping.name }],
    onDone: () => go('property-mappings', { replace: true }),
  });
  const trial = mappingTrials[mapping.component];
  const Trial = trial && trials[trial];
  const before = mapping.managed && <Alert type="info" showIcon className="kinded-note" title={t('mappings.managedTitle')} description={t('mappings.managedText', { managed: mapping.managed })} />;
  const subtitle = <><Tag>{kindName(mapping)}</Tag> {mapping.managed && <Tag>{t('mappings.managed')}</Tag>} {formFor(forms ?? [], { ...mapping })?.description}</>;
  return (
    <Page title={mapping.name} subtitle={subtitle} back={back} actions={<Button danger onClick={remove}>{t('mappings.delete')}</Button>}>
      <Tabs
        activeKey={address.tab ?? 'settings'}
        onChange={(tab) => setAddress({ tab: tab === 'settings' ? undefined : tab })}
        // What was typed into the settings stands there when one comes back.
        items={[
          {
            key: 'settings', label: t('menu.settings'),
            children: <KindedEditor key={pk} row={mapping} before={before} {...(Trial && { beside: (trying) => <Trial pk={pk} {...trying} /> })} />,
          },
          { key: 'used', label: t('flows.usedBy'), destroyOnHidden: true, children: <UsedByTable path={`propertymappings/all/${pk}`} /> },
        ]}
      />
    </Page>
  );
}
