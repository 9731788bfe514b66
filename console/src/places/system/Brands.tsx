import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Tag } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useList } from '../../api/query';
import { type Action, type Column, ResourceList } from '../../list';
import { Page, useDestroy, useGo } from '../../shell';

interface Brand {
  brand_uuid: string;
  domain: string;
  default: boolean;
  branding_title: string;
}

/** How the installation presents itself, by domain. */
export default function Brands() {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const several = (useList('core/brands', { page_size: 1 }).data?.pagination.count ?? 0) > 1;
  const columns = useMemo<Column<Brand>[]>(() => [
    { key: 'domain', title: t('system.brand.domain'), sort: true },
    { key: 'branding_title', title: t('system.brand.title'), sort: true },
    { key: 'default', title: t('system.brand.default'), render: (brand) => (brand.default ? <Tag color="green">{t('system.brand.isDefault')}</Tag> : '–') },
  ], [t]);
  const actions: Action<Brand>[] = [{
    key: 'delete', label: t('destroy.delete'), icon: <DeleteOutlined />, danger: true,
    run: ({ brand_uuid: pk, domain, default: isDefault }) => void destroy({
      objects: [{ path: `core/brands/${pk}`, name: domain }], noun: t('system.brand.one'), grave: isDefault || !several,
      consequence: t(isDefault ? 'system.brand.deleteDefault' : several ? 'system.brand.deleteText' : 'system.brand.deleteLast', { domain }),
    }),
  }];
  return (
    <Page title={t('menu.brands')} subtitle={t('system.brand.text')}>
      <ResourceList<Brand>
        path="core/brands"
        rowKey="brand_uuid"
        label={t('menu.brands')}
        columns={columns}
        actions={actions}
        to={({ brand_uuid: pk }) => `brands/${pk}`}
        toolbar={<Button type="primary" icon={<PlusOutlined />} onClick={() => go('brands/new')}>{t('system.brand.add')}</Button>}
      />
    </Page>
  );
}
