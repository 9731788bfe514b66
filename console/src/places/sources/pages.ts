// Pages of their own for kinds of sources that deserve one. A source is known by its component, and a variety of it by its provider type as well; whatever is not listed has the general page.

import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

import type { Form } from '../../form';
import type { Source } from './model';

export interface SourcePageProps {
  source: Source;
  etag?: string;
  form: Form;
  /** The source's address in the API. */
  path: string;
}

export interface NewSourceProps {
  form: Form;
  /** What is settled by the choice of a variety. */
  preset: Record<string, unknown>;
}

interface Own {
  page: LazyExoticComponent<ComponentType<SourcePageProps>>;
  /** How one is made. */
  maker: LazyExoticComponent<ComponentType<NewSourceProps>>;
}

const own: Record<string, Own> = {
  'ak-source-oauth-form wechat': { page: lazy(() => import('./wechat/WeChatSource')), maker: lazy(() => import('./wechat/NewWeChat')) },
};

const general: Own = { page: lazy(() => import('./GenericSource')), maker: lazy(() => import('./NewGeneric')) };

/** The pages of a kind and, where it has varieties, of one of them. */
export const pagesOf = (component: string, variety = ''): Own => own[`${component} ${variety}`] ?? own[component] ?? general;
