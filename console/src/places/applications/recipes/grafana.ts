import type { Recipe } from './recipe';

/** https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/generic-oauth/ */
export const grafana: Recipe = {
  id: 'grafana',
  name: 'Grafana',
  documentation: 'https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/generic-oauth/',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/login/generic_oauth'],
  launch: '{{url}}/',
  // "required attribute email was not provided": pkg/services/authn/clients/oauth.go
  email: 'required',
  steps: [
    {
      id: 'file',
      block: {
        format: 'ini',
        text: `[server]
root_url = {{url}}/

[auth.generic_oauth]
enabled = true
name = {{brand}}
allow_sign_up = true
client_id = {{client_id}}
client_secret = {{client_secret}}
scopes = openid profile email
auth_url = {{authorize}}
token_url = {{token}}
api_url = {{user_info}}
use_pkce = true
login_attribute_path = preferred_username
name_attribute_path = name
groups_attribute_path = groups
role_attribute_path = contains(groups[*], 'grafana-admins') && 'Admin' || 'Viewer'`,
      },
    },
    {
      id: 'environment',
      block: {
        format: 'env',
        text: `GF_SERVER_ROOT_URL={{url}}/
GF_AUTH_GENERIC_OAUTH_ENABLED=true
GF_AUTH_GENERIC_OAUTH_NAME={{brand}}
GF_AUTH_GENERIC_OAUTH_ALLOW_SIGN_UP=true
GF_AUTH_GENERIC_OAUTH_CLIENT_ID={{client_id}}
GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET={{client_secret}}
GF_AUTH_GENERIC_OAUTH_SCOPES=openid profile email
GF_AUTH_GENERIC_OAUTH_AUTH_URL={{authorize}}
GF_AUTH_GENERIC_OAUTH_TOKEN_URL={{token}}
GF_AUTH_GENERIC_OAUTH_API_URL={{user_info}}
GF_AUTH_GENERIC_OAUTH_USE_PKCE=true
GF_AUTH_GENERIC_OAUTH_LOGIN_ATTRIBUTE_PATH=preferred_username
GF_AUTH_GENERIC_OAUTH_NAME_ATTRIBUTE_PATH=name
GF_AUTH_GENERIC_OAUTH_GROUPS_ATTRIBUTE_PATH=groups
GF_AUTH_GENERIC_OAUTH_ROLE_ATTRIBUTE_PATH=contains(groups[*], 'grafana-admins') && 'Admin' || 'Viewer'`,
      },
    },
  ],
};
