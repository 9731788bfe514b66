// One field that prompt stages may ask, with how it looks.

import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/query';
import { useObject } from '../../api/query';
import { SchemaForm, useForm } from '../../form';
import { Loading, Page, Problem, useDestroy, useGo, useParam, useSay } from '../../shell';
import { PromptPreview } from './prompts/PromptPreview';
import './kinds/kinds.css';

export default function PromptPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const form = useForm('authentik_stages_prompt.prompt');
  const path = `stages/prompt/prompts/${pk}`;
  const { data, error, refetch } = useObject<Row>(path);
  const [typed, setTyped] = useState<Row>();
  const destroy = useDestroy();
  const say = useSay();
  const go = useGo();
  const back = { to: 'prompts', label: t('menu.prompts') };
  if (!data || !form) return <Page title={t('stages.prompt')} back={back}>{error ? <Problem error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  const name = String(data.data.name);
  const remove = () => destroy({
    noun: t('stages.prompt'), consequence: t('stages.promptDeleteText'), objects: [{ path, name }], onDone: () => go('prompts', { replace: true }),
  });
  return (
    <Page title={name} subtitle={t('stages.promptsText')} back={back} actions={<Button danger onClick={remove}>{t('stages.promptDelete')}</Button>}>
      <div className="kinded kinded-beside">
        <div className="kinded-form"><SchemaForm form={form} object={data} onValues={setTyped} onSaved={() => say.done(t('stages.saved'))} /></div>
        <aside className="kinded-aside"><PromptPreview values={typed ?? data.data} /></aside>
      </div>
    </Page>
  );
}
