import { UndoOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';

import { useChange } from '../../../api/query';
import { ResourceList } from '../../../list';
import { Empty, Go, Page, When } from '../../../shell';
import { Mark } from '../Mark';

interface Score {
  pk: string;
  identifier: string;
  ip: string;
  score: number;
  updated: string;
}

/** How names and addresses have fared when signing in. */
export default function Reputation() {
  const { t } = useTranslation();
  const { mutateAsync } = useChange();
  return (
    <Page title={t('reputation.title')} subtitle={t('reputation.text')}>
      <ResourceList<Score>
        path="policies/reputation/scores"
        label={t('reputation.title')}
        defaultOrder="score"
        columns={[
          { key: 'identifier', title: t('reputation.identifier'), sort: true, render: ({ identifier }) => <Go to={`users?search=${encodeURIComponent(identifier)}`}>{identifier}</Go> },
          { key: 'ip', title: t('reputation.ip'), sort: true, render: ({ ip }) => <code>{ip}</code> },
          { key: 'score', title: t('reputation.score'), sort: true, render: ({ score }) => <Mark tone={score < 0 ? 'bad' : score > 0 ? 'good' : 'plain'}>{score}</Mark> },
          { key: 'updated', title: t('reputation.updated'), sort: true, render: ({ updated }) => <When time={updated} /> },
        ]}
        filters={[
          { name: 'identifier', label: t('reputation.identifier'), type: 'text' },
          { name: 'ip', label: t('reputation.ip'), type: 'text' },
        ]}
        actions={[{
          key: 'reset', label: t('reputation.reset'), icon: <UndoOutlined />, many: true,
          run: ({ pk }) => mutateAsync({ method: 'DELETE', path: `policies/reputation/scores/${pk}` }).then(() => {}),
        }]}
        empty={<Empty title={t('reputation.none')} text={t('reputation.noneText')} />}
      />
    </Page>
  );
}
