// One policy: its settings, trying it out, and what it stands before.

import { Button, Tabs, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { useGet, useList } from '../../api/query';
import { formFor, useForms } from '../../form';
import { SmallTable, UsedByTable, YesNo } from '../../list';
import { Empty, Go, Loading, Page, Problem, useAddress, useDestroy, useGo, useParam } from '../../shell';
import type { Guard, Kinded } from './data';
import { useKindName } from './flow/step';
import { KindedEditor } from './kinds/KindedEditor';
import { PolicyTrial } from './trials/PolicyTrial';
import { useTargets } from './uses';
import './kinds/kinds.css';

export default function PolicyPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const kindName = useKindName();
  const { data: forms } = useForms();
  const [address, setAddress] = useAddress();
  const { data: policy, error, refetch } = useGet<Kinded>(`policies/all/${pk}`);
  const destroy = useDestroy();
  const go = useGo();
  const back = { to: 'policies', label: t('menu.policies') };
  if (!policy) return <Page title={t('policies.noun')} back={back}>{error ? <Problem error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  const remove = () => destroy({
    noun: t('policies.noun'), consequence: t('policies.deleteText'), objects: [{ path: `policies/all/${pk}`, name: policy.name }], onDone: () => go('policies', { replace: true }),
  });
  const subtitle = <><Tag>{kindName(policy)}</Tag> {formFor(forms ?? [], { ...policy })?.description}</>;
  return (
    <Page title={policy.name} subtitle={subtitle} back={back} actions={<Button danger onClick={remove}>{t('policies.delete')}</Button>}>
      <Tabs
        activeKey={address.tab ?? 'settings'}
        onChange={(tab) => setAddress({ tab: tab === 'settings' ? undefined : tab })}
        // What was typed into the settings stands there when one comes back.
        items={[
          { key: 'settings', label: t('menu.settings'), children: <KindedEditor key={pk} row={policy} beside={(trying) => <PolicyTrial pk={pk} {...trying} />} /> },
          { key: 'bound', label: t('policies.bound'), destroyOnHidden: true, children: <BoundTo pk={pk} /> },
          { key: 'used', label: t('flows.usedBy'), destroyOnHidden: true, children: <UsedByTable path={`policies/all/${pk}`} /> },
        ]}
      />
    </Page>
  );
}

/** What the policy stands before. */
function BoundTo({ pk }: { pk: string }) {
  const { t } = useTranslation();
  const targetOf = useTargets();
  const { data, error, refetch } = useList<Guard>('policies/bindings', { policy: pk, page_size: 100 });
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <SmallTable<Guard>
      label={t('policies.bound')}
      rows={data.results}
      columns={[
        {
          key: 'target', title: t('policies.before'),
          render: ({ target }) => {
            const bound = targetOf(target);
            return bound ? <Go to={bound.to}>{bound.text}</Go> : <span className="code">{target}</span>;
          },
        },
        { key: 'order', title: t('policies.order') },
        { key: 'negate', title: t('policies.negated'), render: ({ negate }) => <YesNo value={negate} /> },
        { key: 'enabled', title: t('policies.enabled'), render: ({ enabled }) => <YesNo value={enabled} /> },
      ]}
      empty={<Empty title={t('policies.notBound')} text={t('policies.notBoundText')} />}
    />
  );
}
