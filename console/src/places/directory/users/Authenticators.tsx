import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import { Flex, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../../api/query';
import type { Column } from '../../../list';
import { SmallTable } from '../../../list';
import { Empty, Loading, Problem, useDestroy, When } from '../../../shell';
import { Mark } from '../Mark';
import { Section } from '../Section';
import { useDo } from '../useDo';
import type { User } from './user';

/** An authenticator as the list of all classes shows it. */
interface Device {
  pk: string;
  name: string;
  confirmed: boolean;
  created: string;
  last_used: string | null;
  extra_description: string | null;
  verbose_name: string;
  /** "authentik_stages_authenticator_totp.totpdevice" */
  meta_model_name: string;
}

/** What only some classes have. */
interface Detail {
  codes_left?: number;
  phone_number?: string;
  email?: string;
  device_type?: { description: string } | null;
}

/** The collection of an authenticator's class, as its model names it. */
const classOf = ({ meta_model_name }: Device) => /authenticator_(\w+)\./.exec(meta_model_name)?.[1] ?? '';
const pathOf = (device: Device) => `authenticators/admin/${classOf(device)}/${device.pk}`;

/** What a user proves with besides a password or an account elsewhere. */
export function Authenticators({ user }: { user: User }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useGet<Device[]>('authenticators/admin/all', { user: user.pk });
  const destroy = useDestroy();
  const [renaming, setRenaming] = useState<Device | null>(null);
  const classNamed = (device: Device) => t(`users.authenticators.class.${classOf(device)}`, { defaultValue: device.verbose_name });
  const columns: Column<Device>[] = [
    { key: 'name', title: t('users.field.name') },
    { key: 'class', title: t('users.field.type'), render: classNamed },
    { key: 'detail', title: t('users.authenticators.detail'), render: (device) => <More device={device} /> },
    { key: 'last_used', title: t('users.authenticators.used'), render: ({ last_used }) => <When time={last_used} /> },
    { key: 'created', title: t('users.authenticators.created'), render: ({ created }) => <When time={created} /> },
  ];
  return (
    <Section title={t('users.tab.authenticators')} text={t('users.authenticators.text')}>
      {error && !data && <Problem error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <SmallTable<Device>
          rows={data.map((device) => ({ ...device, id: `${classOf(device)}-${device.pk}` }))}
          rowKey="id"
          label={t('users.tab.authenticators')}
          columns={columns}
          actions={[
            { key: 'rename', label: t('users.authenticators.rename'), icon: <EditOutlined />, run: setRenaming },
            {
              key: 'delete', label: t('directory.remove'), icon: <DeleteOutlined />, danger: true,
              run: (device) => void destroy({
                objects: [{ path: pathOf(device), name: device.name }], noun: classNamed(device), consequence: t('users.authenticators.consequence'),
              }),
            },
          ]}
          empty={<Empty title={t('users.authenticators.none')} text={t('users.authenticators.noneText')} />}
        />
      )}
      {renaming && <Rename device={renaming} onClose={() => setRenaming(null)} />}
    </Section>
  );
}

/** What a class tells beyond the rest: where codes go, how many printed ones are left, which model a key is. */
function More({ device }: { device: Device }) {
  const { t } = useTranslation();
  const { data } = useGet<Detail>(pathOf(device));
  const told = data?.phone_number || data?.email || data?.device_type?.description || device.extra_description;
  return (
    <Flex gap="small" wrap align="center">
      {!device.confirmed && <Mark tone="careful">{t('users.authenticators.unconfirmed')}</Mark>}
      {data?.codes_left !== undefined && t('users.authenticators.codesLeft', { count: data.codes_left })}
      {told}
      {!told && data?.codes_left === undefined && device.confirmed && <Typography.Text type="secondary">–</Typography.Text>}
    </Flex>
  );
}

function Rename({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation();
  const act = useDo();
  const [name, setName] = useState(device.name);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    if (await act({ method: 'PATCH', path: pathOf(device), body: { name: name.trim() } }, t('directory.saved'))) onClose();
    setBusy(false);
  };
  return (
    <Modal
      open
      title={t('users.authenticators.rename')}
      okText={t('directory.save')}
      cancelText={t('directory.cancel')}
      onCancel={onClose}
      onOk={() => void save()}
      okButtonProps={{ disabled: !name.trim(), loading: busy }}
    >
      <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={200} aria-label={t('users.field.name')} autoFocus onPressEnter={() => name.trim() && void save()} />
    </Modal>
  );
}
