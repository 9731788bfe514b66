// All flows, and where they are used.

import { PlusOutlined } from '@ant-design/icons';
import { Button, Flex as Row, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { useForm, useFormDrawer } from '../../form';
import { ResourceList } from '../../list';
import { Empty, Go, Page, useDestroy, useGo } from '../../shell';
import type { Flow } from './data';
import { designations } from './data';
import { type Use, useFlowUses } from './uses';
import './flow/flow.css';

export default function FlowsPage() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const form = useForm('authentik_flows.flow');
  const uses = useFlowUses();
  const { open, element } = useFormDrawer();
  const create = (
    <Button type="primary" icon={<PlusOutlined />} disabled={!form} onClick={() => form && open({ form, onSaved: (row) => go(`flows/${String(row.slug)}`) })}>
      {t('flows.create')}
    </Button>
  );
  return (
    <Page title={t('menu.flows')} subtitle={t('flows.subtitle')} actions={create}>
      <ResourceList<Flow>
        path="flows/instances"
        rowKey="slug"
        label={t('menu.flows')}
        defaultOrder="slug"
        to={({ slug }) => `flows/${slug}`}
        columns={[
          { key: 'name', title: t('flows.name'), sort: true, render: ({ name, slug }) => <>{name}<span className="flow-slug code">{slug}</span></> },
          { key: 'designation', title: t('flows.designation'), sort: true, render: ({ designation }) => t(`flows.designations.${designation}`) },
          { key: 'stages', title: t('flows.stageCount'), render: ({ stages }) => stages.length, csv: false, width: 90 },
          { key: 'used', title: t('flows.used'), render: ({ pk }) => <Uses uses={uses?.(pk)} />, csv: false },
          { key: 'slug', title: t('flows.slug'), sort: true, hidden: true, render: ({ slug }) => <span className="code">{slug}</span> },
          { key: 'title', title: t('flows.title'), sort: true, hidden: true },
          { key: 'authentication', title: t('flows.whoMay'), sort: true, hidden: true, render: ({ authentication }) => t(`flows.authentication.${authentication}`) },
        ]}
        filters={[{ name: 'designation', label: t('flows.designation'), options: designations.map((value) => ({ value, label: t(`flows.designations.${value}`) })) }]}
        actions={[{
          key: 'delete', label: t('flows.delete'), danger: true, many: true,
          run: (row) => void destroyAll([row]), runMany: (rows) => destroyAll(rows),
        }]}
        empty={<Empty title={t('flows.none')} text={t('flows.noneText')} action={create} />}
      />
      {element}
    </Page>
  );

  function destroyAll(rows: Flow[]) {
    return destroy({ noun: t('flows.noun'), consequence: t('flows.deleteText'), objects: rows.map(({ slug, name }) => ({ path: `flows/instances/${slug}`, name })) });
  }
}

/** What uses a flow, in a few words each. */
function Uses({ uses }: { uses: Use[] | undefined }) {
  const { t } = useTranslation();
  if (!uses) return null;
  if (uses.length === 0) return '–';
  return (
    <Row vertical gap={4} align="start">
      {uses.slice(0, 3).map(({ setting, name, to }) => <Go key={`${to} ${setting}`} to={to}><Tag className="flow-use">{t(`flows.use.${setting}`, { name })}</Tag></Go>)}
      {uses.length > 3 && <Tag>{t('flows.useMore', { count: uses.length - 3 })}</Tag>}
    </Row>
  );
}
