import { useQuery } from '@tanstack/react-query';
import { Alert, Tree, Typography } from 'antd';
import type { DataNode } from 'antd/es/tree';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Paginated } from '../../../api/client';
import { call } from '../../../api/client';
import { formatNumber } from '../../../i18n/format';
import { Go, Loading, Problem } from '../../../shell';
import { Rights } from './Groups';
import type { Branch, Group } from './group';
import { treeOf, withoutMembers } from './group';
import '../directory.css';

/** How many groups are drawn as a tree. Beyond that nobody finds anything in one. */
const most = 500;

/** Reads page after page, as long as a page may be. */
async function readAll(signal: AbortSignal): Promise<{ groups: Group[]; count: number }> {
  const groups: Group[] = [];
  for (let page = 1; ; page++) {
    const { data } = await call<Paginated<Group>>('GET', 'core/groups', { query: { page, page_size: 100, ...withoutMembers, ordering: 'name' }, signal });
    groups.push(...data.results);
    if (data.pagination.next === 0 || groups.length >= most) return { groups, count: data.pagination.count };
  }
}

/** The groups below those whose members theirs are. */
export function GroupTree({ empty }: { empty: ReactNode }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ['core', 'groups', 'tree'], queryFn: ({ signal }) => readAll(signal) });
  const nodes = useMemo(() => treeOf(data?.groups ?? []).map(nodeOf), [data]);
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (data.count === 0) return empty;
  return (
    <div className="group-tree">
      {data.count > data.groups.length && <Alert type="info" showIcon title={t('groups.view.more', { shown: formatNumber(data.groups.length), count: data.count })} />}
      <Tree aria-label={t('menu.groups')} treeData={nodes} defaultExpandAll selectable={false} showLine />
    </div>
  );
}

const nodeOf = (branch: Branch): DataNode => ({ key: branch.key, title: <Node group={branch.group} />, children: branch.children.map(nodeOf) });

function Node({ group }: { group: Group }) {
  const { t } = useTranslation();
  return (
    <span className="group-tree-node">
      <Go to={`groups/${group.pk}`}>{group.name}</Go>
      <Typography.Text type="secondary">{t('groups.members', { count: group.users_count })}</Typography.Text>
      {group.is_superuser && <Rights administrator />}
    </span>
  );
}
