import type { Recipe } from './recipe';

/** https://docs.immich.app/administration/oauth */
export const immich: Recipe = {
  id: 'immich',
  name: 'Immich',
  documentation: 'https://docs.immich.app/administration/oauth',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/auth/login', '{{url}}/user-settings', 'app.immich:///oauth-callback'],
  launch: '{{url}}/',
  // "OAuth profile does not have an email address": server/src/services/auth.service.ts
  email: 'required',
  steps: [
    {
      id: 'page',
      values: [
        { label: 'issuer', value: '{{issuer}}' },
        { label: 'id', value: '{{client_id}}' },
        { label: 'secret', value: '{{client_secret}}' },
        { label: 'scope', value: 'openid email profile' },
        { label: 'algorithm', value: '{{algorithm}}' },
        { label: 'button', value: '{{brand}}' },
      ],
    },
    {
      id: 'file',
      block: {
        format: 'json',
        text: `{
  "oauth": {
    "enabled": true,
    "issuerUrl": "{{issuer}}",
    "clientId": "{{client_id}}",
    "clientSecret": "{{client_secret}}",
    "scope": "openid email profile",
    "signingAlgorithm": "{{algorithm}}",
    "profileSigningAlgorithm": "none",
    "tokenEndpointAuthMethod": "client_secret_post",
    "buttonText": "{{brand}}",
    "autoRegister": true
  }
}`,
      },
    },
  ],
};
