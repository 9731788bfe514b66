// Who passes: the policies, groups and people that stand before an application, a flow, one stage of a flow, a source or an entitlement.

import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Flex, Switch, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError, call } from '../api/client';
import { useList } from '../api/query';
import { useKindName } from '../form/forms';
import { SmallTable } from '../list';
import { Empty, Go, Loading, Problem, useDestroy, useSay } from '../shell';
import type { Binding, Sort } from './binding';
import { isAsSeen, nameOf, pageOf, sortOf, sorts } from './binding';
import { BindingDrawer } from './BindingDrawer';
import './bindings.css';

export interface BindingsProps {
  /** The id that bindings know the object by: pk of an application or a flow, policybindingmodel_ptr_id of a stage's binding, pbm_uuid of an entitlement. */
  target: string;
  /** What the table is, for screen readers: "Who may use Wiki". */
  label: string;
  /** Whether one of them must pass, or all; said where there are several. */
  mode?: 'any' | 'all' | undefined;
  /** What it means that there are none. */
  none?: string;
  /** What may be bound here. */
  allowed?: readonly Sort[];
}

/** The bindings of one object, to be read and changed. */
export function Bindings({ target, label, mode, none, allowed = sorts }: BindingsProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useList<Binding>('policies/bindings', { target, ordering: 'order', page_size: 500 });
  const [open, setOpen] = useState<{ sort: Sort; binding?: Binding } | null>(null);
  const destroy = useDestroy();
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const rows = data.results;
  const next = rows.reduce((last, { order }) => Math.max(last, order), -10) + 10;
  const add = (
    <Dropdown trigger={['click']} menu={{ items: allowed.map((sort) => ({ key: sort, label: t(`bindings.add.${sort}`), onClick: () => setOpen({ sort }) })) }}>
      <Button icon={<PlusOutlined />}>{t('bindings.bind')}</Button>
    </Dropdown>
  );
  return (
    <div className="bindings">
      {rows.length > 0 && (
        <Flex wrap gap="small" justify="space-between" align="center">
          <Typography.Text type="secondary">{summary(rows, mode, none ?? t('bindings.none.text'), t)}</Typography.Text>
          {add}
        </Flex>
      )}
      <SmallTable<Binding>
        label={label}
        rows={rows}
        empty={<Empty title={t('bindings.none.title')} text={none ?? t('bindings.none.text')} action={add} />}
        columns={[
          { key: 'order', title: t('bindings.order'), width: 80 },
          { key: 'what', title: t('bindings.what'), render: (row) => <What row={row} /> },
          { key: 'decision', title: t('bindings.decision'), render: (row) => <Decision row={row} /> },
          { key: 'enabled', title: t('bindings.enabled'), width: 110, render: (row) => <Enabled row={row} /> },
        ]}
        actions={[
          { key: 'edit', label: t('bindings.edit'), run: (row) => setOpen({ sort: sortOf(row), binding: row }) },
          {
            key: 'delete', label: t('bindings.remove'), danger: true,
            run: (row) => void destroy({ noun: t('bindings.noun'), objects: [{ path: `policies/bindings/${row.pk}`, name: nameOf(row) }], consequence: t('bindings.removeText') }),
          },
        ]}
      />
      {open && <BindingDrawer target={target} {...open} next={next} onClose={() => setOpen(null)} />}
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

/** One sentence about what the bindings mean together. */
function summary(rows: Binding[], mode: BindingsProps['mode'], none: string, t: Translate): string {
  const count = rows.filter(({ enabled }) => enabled).length;
  if (count === 0) return `${t('bindings.noneEnabled')} ${none}`;
  if (count === 1 || !mode) return '';
  return t(`bindings.mode.${mode}`);
}

function What({ row }: { row: Binding }) {
  const { t } = useTranslation();
  const kindName = useKindName();
  const sort = sortOf(row);
  const kind = sort === 'policy' ? kindName(row.policy_obj) : '';
  return (
    <Flex gap="small" align="center" wrap>
      <Tag>{kind || t(`bindings.sort.${sort}`)}</Tag>
      <Go to={pageOf(row)}>{nameOf(row)}</Go>
    </Flex>
  );
}

function Decision({ row }: { row: Binding }) {
  const { t } = useTranslation();
  const sort = sortOf(row);
  return (
    <Flex vertical>
      <span>{t(`bindings.passes.${sort}${row.negate ? 'Not' : ''}`)}</span>
      {sort === 'policy' && (
        <Typography.Text type="secondary">{t(row.failure_result ? 'bindings.failurePasses' : 'bindings.failureStops', { seconds: row.timeout })}</Typography.Text>
      )}
    </Flex>
  );
}

/** A binding is switched where it stands, if it still says what is seen there. */
function Enabled({ row }: { row: Binding }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const say = useSay();
  const change = useMutation({
    mutationFn: async (enabled: boolean) => {
      const path = `policies/bindings/${row.pk}`;
      const { data, etag } = await call<Binding>('GET', path);
      if (!isAsSeen(row, data)) throw new ApiError(412, '');
      await call('PATCH', path, { body: { enabled }, ...(etag && { ifMatch: etag }) });
    },
    onError: (err) => (err instanceof ApiError && err.conflict ? say.warn(t('bindings.overtaken')) : say.failed(err)),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <Switch
      checked={row.enabled}
      loading={change.isPending}
      aria-label={t('bindings.enabledOf', { name: nameOf(row) })}
      onChange={(enabled) => change.mutate(enabled)}
    />
  );
}
