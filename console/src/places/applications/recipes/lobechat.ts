import type { Recipe } from './recipe';

/** https://lobehub.com/docs/self-hosting/auth/providers/generic-oidc; versions before 2 had the same callback and other names: https://lobehub.com/docs/self-hosting/environment-variables/auth */
export const lobechat: Recipe = {
  id: 'lobechat',
  name: 'LobeChat / LobeHub',
  documentation: 'https://lobehub.com/docs/self-hosting/auth/providers/generic-oidc',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/api/auth/callback/generic-oidc'],
  launch: '{{url}}/',
  email: 'required',
  steps: [
    {
      id: 'environment',
      block: {
        format: 'env',
        text: `AUTH_SSO_PROVIDERS=generic-oidc
AUTH_GENERIC_OIDC_ID={{client_id}}
AUTH_GENERIC_OIDC_SECRET={{client_secret}}
AUTH_GENERIC_OIDC_ISSUER={{issuer}}`,
      },
    },
    {
      id: 'older',
      block: {
        format: 'env',
        text: `NEXTAUTH_URL={{url}}/api/auth
NEXT_AUTH_SSO_PROVIDERS=generic-oidc
AUTH_GENERIC_OIDC_ID={{client_id}}
AUTH_GENERIC_OIDC_SECRET={{client_secret}}
AUTH_GENERIC_OIDC_ISSUER={{issuer}}`,
      },
    },
  ],
};
