// The models of authenticators that stages may ask for.

import { useTranslation } from 'react-i18next';

import { ResourceList } from '../../list';
import { Page } from '../../shell';

interface DeviceType {
  aaguid: string;
  description: string;
}

export default function DeviceTypesPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('stages.deviceTypes')} subtitle={t('stages.deviceTypesText')} back={{ to: 'stages', label: t('menu.stages') }}>
      <ResourceList<DeviceType>
        path="stages/authenticator/webauthn_device_types"
        rowKey="aaguid"
        label={t('stages.deviceTypes')}
        columns={[
          { key: 'description', title: t('stages.deviceType'), sort: true },
          { key: 'aaguid', title: 'AAGUID', sort: true, render: ({ aaguid }) => <span className="code">{aaguid}</span> },
        ]}
        csv={false}
      />
    </Page>
  );
}
