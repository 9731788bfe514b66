import type { Recipe } from './recipe';

/** https://docs.getoutline.com/s/hosting/doc/oidc-8CPBm6uC0I; the redirect URI: https://docs.goauthentik.io/integrations/services/outline */
export const outline: Recipe = {
  id: 'outline',
  name: 'Outline',
  documentation: 'https://docs.getoutline.com/s/hosting/doc/oidc-8CPBm6uC0I',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/auth/oidc.callback'],
  launch: '{{url}}/',
  // "An email field was not returned in the profile parameter, but is required."
  email: 'required',
  steps: [
    {
      id: 'environment',
      block: {
        format: 'env',
        text: `URL={{url}}
OIDC_CLIENT_ID={{client_id}}
OIDC_CLIENT_SECRET={{client_secret}}
OIDC_AUTH_URI={{authorize}}
OIDC_TOKEN_URI={{token}}
OIDC_USERINFO_URI={{user_info}}
OIDC_LOGOUT_URI={{logout}}
OIDC_USERNAME_CLAIM=preferred_username
OIDC_DISPLAY_NAME={{brand}}
OIDC_SCOPES=openid profile email`,
      },
    },
  ],
};
