export { Copy, CopyField } from './Copy';
export { type Destruction, useDestroy } from './Destroy';
export { type Address, Go, useAddress, useGo, useParam } from './Go';
export { type Me, useMe, usePublic } from './me';
export { Page } from './Page';
export { useSay } from './say';
export { Empty, type Fact, Facts, Loading, Problem, useReason, When } from './states';
