// What kinds have here beyond their form, by component. A kind that is not named is served by its form alone.

/** What a property mapping is tried out on: a profile that a source gave, or a person whom an application asks about. */
export type MappingTrial = 'profile' | 'claims';

export const mappingTrials: Readonly<Record<string, MappingTrial>> = {
  'ak-property-mapping-source-oauth-form': 'profile',
  'ak-property-mapping-provider-scope-form': 'claims',
};
