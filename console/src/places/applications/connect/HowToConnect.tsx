import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { Alert, Button, Flex, Select, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Copy, Empty, Loading, Problem } from '../../../shell';
import type { Application, Provider } from '../application';
import type { Recipe, RecipeStep, Values } from '../recipes';
import { fill, generic, recipeBehind, recipeOf, recipes } from '../recipes';
import { CodeBlock } from './CodeBlock';
import { useConnection } from './useConnection';
import '../applications.css';

/** What is left to do at the application, with everything filled in. */
export function HowToConnect({ application }: { application: Application }) {
  const { t } = useTranslation();
  if (!application.provider_obj) return <Empty title={t('applications.connect.none.title')} text={t('applications.connect.none.text')} />;
  return <Connect application={application} row={application.provider_obj} />;
}

function Connect({ application, row }: { application: Application; row: Provider }) {
  const { t } = useTranslation();
  const [visible, setVisible] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const { provider, shown, whole, foreign, error, retry } = useConnection(row, visible);
  if (foreign) return <Empty title={t('applications.connect.foreign')} />;
  if (error && !shown) return <Problem error={error} onRetry={retry} />;
  if (!provider || !shown || !whole) return <Loading />;
  const behind = recipeBehind(provider.redirect_uris.map(({ url }) => url));
  const recipe = recipeOf(chosen) ?? behind.recipe;
  // Another recipe than the one that it was made by is filled in as far as that goes: the address at which people open it is known.
  const answers = recipe === behind.recipe ? behind.values : { ...defaultsOf(recipe), url: (application.launch_url ?? '').replace(/\/$/, '') };
  return (
    <section className="applications-stack" aria-label={t('applications.tab.connect')}>
      <Flex wrap gap="small" align="center" justify="space-between">
        <Flex wrap gap="small" align="center">
          <label htmlFor="recipe">{t('applications.connect.product')}</label>
          <Select
            id="recipe"
            className="applications-select"
            value={recipe.id}
            onChange={setChosen}
            showSearch={{ optionFilterProp: 'label' }}
            options={recipes.map(({ id, name }) => ({ value: id, label: name || t('recipes.generic.name') }))}
          />
        </Flex>
        {provider.client_type === 'confidential' && (
          <Button icon={visible ? <EyeInvisibleOutlined /> : <EyeOutlined />} onClick={() => setVisible(!visible)}>{t(visible ? 'applications.connect.hide' : 'applications.connect.show')}</Button>
        )}
      </Flex>
      {recipe !== behind.recipe && recipe !== generic && <Alert type="warning" showIcon title={t('applications.connect.otherRecipe', { name: recipe.name })} />}
      {recipe.email !== 'optional' && <Alert type={recipe.email === 'required' ? 'warning' : 'info'} showIcon title={t(`recipes.email.${recipe.email}`, { name: recipe.name })} />}
      {!provider.signing_key && <Alert type="warning" showIcon title={t('applications.connect.noKey')} />}
      <ol className="applications-how">
        {recipe.steps.map((step) => <Step key={step.id} recipe={recipe} step={step} shown={{ ...answers, ...shown }} whole={{ ...answers, ...whole }} />)}
      </ol>
      <Flex gap="small" wrap>
        <Typography.Text type="secondary">{t('applications.connect.manual')}</Typography.Text>
        <a href={recipe.documentation} target="_blank" rel="noreferrer" className="applications-manual">{recipe.documentation}</a>
      </Flex>
    </section>
  );
}

const defaultsOf = (recipe: Recipe): Values => Object.fromEntries(recipe.fields.map((field) => [field.name, field.default ?? '']));

function Step({ recipe, step, shown, whole }: { recipe: Recipe; step: RecipeStep; shown: Values; whole: Values }) {
  const { t } = useTranslation();
  const title = t(`recipes.${recipe.id}.steps.${step.id}`);
  return (
    <li>
      <div className="applications-section">
        <Typography.Text>{title}</Typography.Text>
        {step.block && <CodeBlock text={fill(step.block.text, shown)} whole={fill(step.block.text, whole)} label={t('applications.connect.block', { format: step.block.format, name: recipe.name || t('recipes.generic.name') })} />}
        {step.values && (
          <dl className="applications-values">
            {step.values.map(({ label, value }) => (
              <Value key={label} label={t(`recipes.${recipe.id}.values.${label}`)} shown={fill(value, shown)} whole={fill(value, whole)} />
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}

function Value({ label, shown, whole }: { label: string; shown: string; whole: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd><Flex gap="small" align="center"><code className="applications-value">{shown}</code><Copy text={whole} label={label} /></Flex></dd>
    </>
  );
}
