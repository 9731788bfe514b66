import { SearchOutlined } from '@ant-design/icons';
import { Button, Input, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Empty } from '../../../shell';
import { AppIcon } from '../AppIcon';
import type { Recipe } from '../recipes';
import { generic, recipes } from '../recipes';
import { clear } from '../../../shell/Clear';

/** The products that there are recipes for, and the one for everything else. */
export function ChooseRecipe({ onChoose }: { onChoose: (recipe: Recipe) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = recipes.filter((recipe) => recipe === generic || `${recipe.name} ${t(`recipes.${recipe.id}.about`)}`.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <section className="applications-stack" aria-labelledby="choose-recipe">
      <Typography.Title level={2} id="choose-recipe">{t('applications.wizard.what.title')}</Typography.Title>
      <Typography.Paragraph type="secondary">{t('applications.wizard.what.text')}</Typography.Paragraph>
      <Input
        type="search"
        allowClear={clear}
        className="applications-search"
        prefix={<SearchOutlined aria-hidden />}
        value={search}
        onChange={(e) => setSearch(e.target.value)}
        placeholder={t('applications.wizard.what.search')}
        aria-label={t('applications.wizard.what.search')}
      />
      <ul className="applications-cards">
        {found.map((recipe) => {
          const name = recipe.name || t('recipes.generic.name');
          return (
            <li key={recipe.id}>
              <Button className="applications-card" onClick={() => onChoose(recipe)}>
                <span>
                  <AppIcon name={name} picture={null} size={40} />
                  <span>
                    <span className="applications-card-name">{name}</span>
                    <Typography.Text type="secondary">{t(`recipes.${recipe.id}.about`)}</Typography.Text>
                  </span>
                </span>
              </Button>
            </li>
          );
        })}
      </ul>
      {found.length === 1 && <Empty title={t('applications.wizard.what.none')} text={t('applications.wizard.what.noneText')} />}
    </section>
  );
}
