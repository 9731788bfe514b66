import type { Recipe } from './recipe';

/** https://docs.gitlab.com/administration/auth/oidc/ */
export const gitlab: Recipe = {
  id: 'gitlab',
  name: 'GitLab',
  documentation: 'https://docs.gitlab.com/administration/auth/oidc/',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/users/auth/openid_connect/callback'],
  launch: '{{url}}/',
  // Without one GitLab makes temp-email-for-oauth-… and asks for the real one: lib/gitlab/auth/o_auth/auth_hash.rb
  email: 'asked',
  steps: [
    {
      id: 'file',
      block: {
        format: 'ruby',
        text: `gitlab_rails['omniauth_allow_single_sign_on'] = ['openid_connect']
gitlab_rails['omniauth_block_auto_created_users'] = false
gitlab_rails['omniauth_providers'] = [
  {
    name: "openid_connect", # stays as it is
    label: "{{brand}}",
    args: {
      name: "openid_connect",
      scope: ["openid", "profile", "email"],
      response_type: "code",
      issuer: "{{issuer}}",
      discovery: true,
      client_auth_method: "query",
      uid_field: "sub",
      send_scope_to_token_endpoint: "false",
      pkce: true,
      client_options: {
        identifier: "{{client_id}}",
        secret: "{{client_secret}}",
        redirect_uri: "{{url}}/users/auth/openid_connect/callback"
      }
    }
  }
]`,
      },
    },
    { id: 'apply', block: { format: 'sh', text: 'sudo gitlab-ctl reconfigure' } },
  ],
};
