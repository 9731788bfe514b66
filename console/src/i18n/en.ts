import { byArea } from './area';

export const texts = byArea(import.meta.glob('../texts/*.en.json', { eager: true, import: 'default' }));
