import { DeleteOutlined, EditOutlined, EyeOutlined, PlusOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { Alert, Button, Input, Modal, Space, Tag } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../api/client';
import { makeField, makeForm } from '../../form/forms';
import { useFormDrawer } from '../../form/useFormDrawer';
import { type Action, type Column, ResourceList, YesNo } from '../../list';
import { Copy, Page, useDestroy, useSay, When } from '../../shell';

interface Certificate {
  pk: string;
  name: string;
  cert_expiry: string | null;
  cert_subject: string | null;
  key_type: string | null;
  private_key_available: boolean;
  fingerprint_sha256: string | null;
  managed: string | null;
}

const month = 30 * 86_400_000;

/** Certificates and their keys, by which tokens are signed. */
export default function Certificates() {
  const { t } = useTranslation();
  const destroy = useDestroy();
  const { open, element } = useFormDrawer();
  const [pem, setPem] = useState<Pem>();
  const reader = useReader(setPem);
  const columns = useMemo<Column<Certificate>[]>(() => [
    { key: 'name', title: t('system.certificate.name'), sort: true },
    { key: 'cert_subject', title: t('system.certificate.subject') },
    { key: 'key_type', title: t('system.certificate.type') },
    { key: 'private_key_available', title: t('system.certificate.key'), render: (row) => <YesNo value={row.private_key_available} /> },
    { key: 'cert_expiry', title: t('system.certificate.expiry'), sort: true, render: (row) => <Expiry time={row.cert_expiry} /> },
    { key: 'fingerprint_sha256', title: t('system.certificate.fingerprint'), hidden: true, render: (row) => <span className="code">{row.fingerprint_sha256}</span> },
    { key: 'managed', title: t('system.certificate.managed'), hidden: true },
  ], [t]);
  const actions: Action<Certificate>[] = [
    { key: 'edit', label: t('system.edit'), icon: <EditOutlined />, run: ({ pk }) => open({ schema: 'CertificateKeyPair', objectKey: pk }) },
    { key: 'certificate', label: t('system.certificate.view'), icon: <EyeOutlined />, run: (row) => reader(row, 'view_certificate') },
    { key: 'key', label: t('system.certificate.viewKey'), icon: <EyeOutlined />, show: (row) => row.private_key_available, run: (row) => reader(row, 'view_private_key') },
    {
      key: 'delete', label: t('destroy.delete'), icon: <DeleteOutlined />, danger: true,
      run: ({ pk, name }) => void destroy({ objects: [{ path: `crypto/certificatekeypairs/${pk}`, name }], noun: t('system.certificate.one') }),
    },
  ];
  return (
    <Page title={t('menu.certificates')} subtitle={t('system.certificate.text')}>
      <ResourceList<Certificate>
        path="crypto/certificatekeypairs"
        label={t('menu.certificates')}
        columns={columns}
        actions={actions}
        toolbar={(
          <Space wrap>
            <Button icon={<SafetyCertificateOutlined />} onClick={() => open({ form: generation(t), title: t('system.certificate.generate') })}>{t('system.certificate.generate')}</Button>
            <Button type="primary" icon={<PlusOutlined />} onClick={() => open({ schema: 'CertificateKeyPair' })}>{t('system.certificate.add')}</Button>
          </Space>
        )}
      />
      {element}
      <Modal open={pem !== undefined} title={pem?.title} onCancel={() => setPem(undefined)} footer={<Button onClick={() => setPem(undefined)}>{t('destroy.close')}</Button>} width={720}>
        {pem?.secret && <Alert type="warning" showIcon title={t('system.certificate.secret')} />}
        <Input.TextArea readOnly className="code grows" rows={12} value={pem?.text} aria-label={pem?.title ?? ''} />
        <Copy text={pem?.text ?? ''} label={pem?.title ?? ''}>{t('shell.copy')}</Copy>
      </Modal>
    </Page>
  );
}

interface Pem {
  title: string;
  text: string;
  secret: boolean;
}

/** Reads a certificate or a key, which is recorded. */
function useReader(show: (pem: Pem) => void) {
  const { t } = useTranslation();
  const say = useSay();
  return async ({ pk, name }: Certificate, what: 'view_certificate' | 'view_private_key') => {
    try {
      const { data } = await call<{ data: string }>('GET', `crypto/certificatekeypairs/${pk}/${what}`);
      const secret = what === 'view_private_key';
      show({ title: t(secret ? 'system.certificate.keyOf' : 'system.certificate.of', { name }), text: data.data, secret });
    } catch (err) {
      say.failed(err);
    }
  };
}

function Expiry({ time }: { time: string | null }) {
  const { t } = useTranslation();
  if (!time) return <>–</>;
  const left = new Date(time).getTime() - Date.now();
  return (
    <Space>
      <When time={time} />
      {left < 0 && <Tag color="red">{t('system.certificate.expired')}</Tag>}
      {left >= 0 && left < month && <Tag color="orange">{t('system.certificate.soon')}</Tag>}
    </Space>
  );
}

/** The form of a request for a new pair, which the API has at an address of its own. */
const generation = (t: (key: string) => string) => makeForm({
  path: 'crypto/certificatekeypairs/generate',
  key: 'pk',
  schema: 'CertificateGeneration',
  verbose_name: t('system.certificate.one'),
  fields: [
    makeField({ name: 'common_name', title: t('system.certificate.commonName'), help: t('system.certificate.commonNameHelp'), type: 'string', required: true }),
    makeField({ name: 'subject_alt_name', title: t('system.certificate.names'), help: t('system.certificate.namesHelp'), type: 'string', blank: true }),
    makeField({ name: 'validity_days', title: t('system.certificate.days'), type: 'integer', required: true, default: 365 }),
    makeField({
      name: 'alg', title: t('system.certificate.type'), type: 'string', default: 'rsa',
      enum: [{ value: 'rsa', title: 'RSA' }, { value: 'ecdsa', title: 'ECDSA' }, { value: 'ed25519', title: 'Ed25519' }],
    }),
  ],
});
