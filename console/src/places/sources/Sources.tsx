import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Tag } from 'antd';
import { useTranslation } from 'react-i18next';

import { useForms } from '../../form';
import { formFor } from '../../form/forms';
import { ResourceList } from '../../list';
import { useDestroy } from '../../shell/Destroy';
import { Go, useGo } from '../../shell/Go';
import { Page } from '../../shell/Page';
import { Empty } from '../../shell/states';
import { connectionsOf, type Source, useIdentificationStages, useLoginFlows } from './model';
import { useGet } from '../../api/query';
import type { Paginated } from '../../api/client';
import './sources.css';

/** All sources, with where their buttons stand and how many people use them. */
export default function Sources() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const forms = useForms().data ?? [];
  const pathOf = (row: Source) => formFor(forms, row)?.path ?? 'sources/all';
  const remove = (rows: Source[]) => destroy({
    objects: rows.map((row) => ({ path: `${pathOf(row)}/${row.slug}`, name: row.name })), noun: t('sources.noun'), consequence: t('sources.consequence'),
  });
  const add = <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go('sources/new')}>{t('sources.add')}</Button>;
  return (
    <Page title={t('menu.sources')} subtitle={t('sources.subtitle')}>
      <ResourceList<Source>
        path="sources/all"
        label={t('menu.sources')}
        defaultOrder="name"
        toolbar={add}
        empty={<Empty title={t('sources.none')} text={t('sources.noneText')} action={add} />}
        columns={[
          { key: 'name', title: t('sources.name'), sort: true, render: (row) => <Go to={`sources/${encodeURIComponent(row.slug)}`}>{row.name}</Go> },
          { key: 'verbose_name', title: t('sources.kind'), csv: 'verbose_name', render: (row) => <Kind row={row} path={pathOf(row)} /> },
          { key: 'slug', title: t('sources.slug'), hidden: true, sort: true },
          { key: 'enabled', title: t('sources.state'), sort: true, render: (row) => <State row={row} /> },
          { key: 'people', title: t('sources.connected'), csv: false, render: (row) => <Count row={row} path={pathOf(row)} /> },
        ]}
        actions={[{ key: 'delete', label: t('sources.delete'), icon: <DeleteOutlined aria-hidden />, danger: true, many: true, run: (row) => void remove([row]), runMany: remove }]}
      />
    </Page>
  );
}

/** The list of all kinds tells the kind alone; the variety stands with the kind's own settings. */
function Kind({ row, path }: { row: Source; path: string }) {
  const { data } = useGet<Source>(`${path}/${encodeURIComponent(row.slug)}`);
  return <>{data?.type?.verbose_name ?? row.verbose_name}</>;
}

function State({ row }: { row: Source }) {
  const { t } = useTranslation();
  const { data: stages } = useIdentificationStages();
  const login = useLoginFlows();
  if (!row.enabled) return <Tag>{t('sources.off')}</Tag>;
  const shown = stages?.some(({ sources, flow_set: flows }) => sources.includes(row.pk) && flows.some(({ pk }) => login.has(pk)));
  if (stages && !shown) return <Tag color="warning">{t('sources.hidden')}</Tag>;
  return <Tag color="success">{t('sources.shown')}</Tag>;
}

function Count({ row, path }: { row: Source; path: string }) {
  const { data } = useGet<Paginated<unknown>>(connectionsOf(path), { source__slug: row.slug, page_size: 1 });
  return <>{data?.pagination.count ?? '–'}</>;
}
