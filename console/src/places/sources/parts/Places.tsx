import { Alert, Flex, Switch, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { queryClient } from '../../../api/query';
import { Go } from '../../../shell/Go';
import { useSay } from '../../../shell/say';
import { Loading, Problem } from '../../../shell/states';
import { type IdentificationStage, showAt, type Source, useIdentificationStages, useLoginFlows } from '../model';

/** Where the source's button stands: the identification stages, each with a switch. */
export function Places({ source }: { source: Pick<Source, 'pk' | 'name' | 'enabled'> }) {
  const { t } = useTranslation();
  const { data: stages, error, refetch } = useIdentificationStages();
  const login = useLoginFlows();
  if (error && !stages) return <Problem error={error} onRetry={() => void refetch()} />;
  if (!stages) return <Loading />;
  const isLogin = (stage: IdentificationStage) => stage.flow_set.some(({ pk }) => login.has(pk));
  const ordered = stages.toSorted((a, b) => Number(isLogin(b)) - Number(isLogin(a)));
  const shown = stages.some((stage) => isLogin(stage) && stage.sources.includes(source.pk));
  return (
    <Flex vertical gap="small">
      {!source.enabled && <Alert type="warning" showIcon title={t('sources.places.switchedOff')} />}
      {source.enabled && !shown && <Alert type="warning" showIcon title={t('sources.places.nowhere')} />}
      {stages.length === 0 && <Alert type="info" showIcon title={t('sources.places.noStage')} action={<Go to="stages">{t('menu.stages')}</Go>} />}
      <ul className="sources-places" aria-label={t('sources.places.title')}>
        {ordered.map((stage) => <Place key={stage.pk} stage={stage} source={source} login={isLogin(stage)} />)}
      </ul>
    </Flex>
  );
}

interface PlaceProps {
  stage: IdentificationStage;
  source: Pick<Source, 'pk' | 'name'>;
  login: boolean;
}

function Place({ stage, source, login }: PlaceProps) {
  const { t } = useTranslation();
  const say = useSay();
  const [busy, setBusy] = useState(false);
  const there = stage.sources.includes(source.pk);
  const change = async (shown: boolean) => {
    setBusy(true);
    try {
      await showAt(stage.pk, source.pk, shown);
      say.done(t(shown ? 'sources.places.added' : 'sources.places.removed', { name: source.name }));
    } catch (err) {
      say.failed(err);
    } finally {
      await queryClient.invalidateQueries();
      setBusy(false);
    }
  };
  const title = login ? t('sources.places.loginPage') : stage.name;
  return (
    <li>
      <Switch checked={there} loading={busy} onChange={(shown) => void change(shown)} aria-label={t('sources.places.showAt', { place: title })} />
      <div>
        <Typography.Text strong>{title}</Typography.Text>
        <div className="sources-places-flows">
          {stage.flow_set.length === 0 && <Typography.Text type="secondary">{t('sources.places.unused')}</Typography.Text>}
          {stage.flow_set.map((flow) => <Go key={flow.pk} to={`flows/${flow.slug}`}><Tag>{flow.name}</Tag></Go>)}
        </div>
      </div>
    </li>
  );
}
