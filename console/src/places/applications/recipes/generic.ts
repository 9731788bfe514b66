import type { Recipe } from './recipe';

/** Any client of OpenID Connect: https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth */
export const generic: Recipe = {
  id: 'generic',
  name: '',
  documentation: 'https://openid.net/specs/openid-connect-core-1_0.html',
  fields: [{ name: 'addresses', type: 'addresses' }, { name: 'client', type: 'client', default: 'confidential' }],
  redirects: ['{{addresses}}'],
  launch: '',
  email: 'optional',
  steps: [
    {
      id: 'discovery',
      values: [
        { label: 'issuer', value: '{{issuer}}' },
        { label: 'discovery', value: '{{provider_info}}' },
        { label: 'id', value: '{{client_id}}' },
        { label: 'secret', value: '{{client_secret}}' },
        { label: 'scopes', value: 'openid profile email' },
      ],
    },
    {
      id: 'endpoints',
      values: [
        { label: 'authorize', value: '{{authorize}}' },
        { label: 'token', value: '{{token}}' },
        { label: 'userInfo', value: '{{user_info}}' },
        { label: 'jwks', value: '{{jwks}}' },
        { label: 'logout', value: '{{logout}}' },
        { label: 'algorithm', value: '{{algorithm}}' },
      ],
    },
    {
      id: 'environment',
      block: {
        format: 'env',
        text: `OIDC_ISSUER={{issuer}}
OIDC_DISCOVERY_URL={{provider_info}}
OIDC_CLIENT_ID={{client_id}}
OIDC_CLIENT_SECRET={{client_secret}}
OIDC_SCOPES=openid profile email`,
      },
    },
  ],
};
