import { Alert, Flex } from 'antd';
import { useTranslation } from 'react-i18next';

import { useList } from '../../../api/query';
import { type Source, useFlows } from '../../sources/model';
import { seed } from '../../sources/wechat/seed';
import type { Recipe } from '../recipes';

const documents = 'https://github.com/weimen-id/weimen/blob/main/docs';

/** What to know of e-mail addresses before the product is connected: people from WeChat have none. Where one is needed, it leads to where newcomers are asked for it. */
export function EmailNote({ recipe, name }: { recipe: Recipe; name: string }) {
  const { t } = useTranslation();
  if (recipe.email === 'optional') return null;
  return (
    <Alert
      className="applications-note"
      type={recipe.email === 'required' ? 'warning' : 'info'}
      showIcon
      title={t(`recipes.email.${recipe.email}`, { name })}
      {...(recipe.email === 'required' && { description: <Where /> })}
    />
  );
}

/** The flow that newcomers go through, and how a stage for the address is put there. Both open beside the wizard, which is not left. */
function Where() {
  const { t, i18n } = useTranslation();
  const sources = useList<Source>(seed.path, { ...seed.preset, page_size: 1 });
  const flows = useFlows();
  const flow = flows.data?.results.find(({ pk }) => pk === sources.data?.results[0]?.enrollment_flow);
  return (
    <Flex gap="middle" wrap>
      <a href={flow ? `/if/admin/flows/${flow.slug}` : '/if/admin/flows'} target="_blank" rel="noreferrer">{t('recipes.email.flow')}</a>
      <a href={`${documents}/${i18n.language === 'zh' ? 'zh/' : ''}recipes.md`} target="_blank" rel="noreferrer">{t('recipes.email.how')}</a>
    </Flex>
  );
}
