export { YesNo } from './columns';
export { ResourceList } from './ResourceList';
export { SmallTable } from './SmallTable';
export type { UsedBy } from './UsedByTable';
export { UsedByTable } from './UsedByTable';
export type { Action, Column, Filter, FilterOption } from './types';
