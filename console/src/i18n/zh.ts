import { byArea } from './area';

export const texts = byArea(import.meta.glob('../texts/*.zh.json', { eager: true, import: 'default' }));
