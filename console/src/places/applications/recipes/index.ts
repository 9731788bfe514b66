import { generic } from './generic';
import { gitea } from './gitea';
import { gitlab } from './gitlab';
import { grafana } from './grafana';
import { harbor } from './harbor';
import { immich } from './immich';
import { jenkins } from './jenkins';
import { lobechat } from './lobechat';
import { nextcloud } from './nextcloud';
import { oauth2Proxy } from './oauth2Proxy';
import { outline } from './outline';
import type { Recipe, Values } from './recipe';
import { recognise } from './recipe';

/** What can be connected by a recipe, in the order it is offered. The last one is for everything else. */
export const recipes: Recipe[] = [gitea, gitlab, nextcloud, grafana, outline, immich, lobechat, harbor, jenkins, oauth2Proxy, generic];

export const recipeOf = (id: string | undefined): Recipe | undefined => recipes.find((recipe) => recipe.id === id);

/** The recipe that an application was made by, as far as its redirect URIs tell, with what was answered then. */
export function recipeBehind(addresses: readonly string[]): { recipe: Recipe; values: Values } {
  for (const recipe of recipes) {
    const values = recognise(recipe, addresses);
    if (values) return { recipe, values };
  }
  return { recipe: generic, values: { addresses: addresses.join('\n') } };
}

export { generic };
export * from './recipe';
