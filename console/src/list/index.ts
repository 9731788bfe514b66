export { YesNo } from './columns';
export { ResourceList } from './ResourceList';
export { SmallTable } from './SmallTable';
export type { Action, Column, Filter, FilterOption } from './types';
