/** The source that the first-run page begins with: its collection, and what makes it this one among the kind's varieties. */
export const seed = { path: 'sources/oauth', preset: { provider_type: 'wechat' }, slug: 'wechat' } as const;
