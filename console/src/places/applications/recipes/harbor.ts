import type { Recipe } from './recipe';

/**
 * https://goharbor.io/docs/main/administration/configure-authentication/oidc-auth/; the redirect URI, which Harbor shows at the bottom of that page:
 * https://pocket-id.org/docs/client-examples/harbor. The names of the settings: https://goharbor.io/docs/main/install-config/configure-user-settings-cli/
 */
export const harbor: Recipe = {
  id: 'harbor',
  name: 'Harbor',
  documentation: 'https://goharbor.io/docs/main/administration/configure-authentication/oidc-auth/',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/c/oidc/callback'],
  launch: '{{url}}/',
  email: 'optional',
  steps: [
    {
      id: 'page',
      values: [
        { label: 'name', value: '{{brand}}' },
        { label: 'endpoint', value: '{{issuer}}' },
        { label: 'id', value: '{{client_id}}' },
        { label: 'secret', value: '{{client_secret}}' },
        { label: 'groups', value: 'groups' },
        { label: 'scope', value: 'openid,profile,email,offline_access' },
      ],
    },
    {
      id: 'command',
      block: {
        format: 'sh',
        text: `curl -u admin -X PUT '{{url}}/api/v2.0/configurations' -H 'Content-Type: application/json' -d @- <<'END'
{
  "auth_mode": "oidc_auth",
  "oidc_name": "{{brand}}",
  "oidc_endpoint": "{{issuer}}",
  "oidc_client_id": "{{client_id}}",
  "oidc_client_secret": "{{client_secret}}",
  "oidc_scope": "openid,profile,email,offline_access",
  "oidc_groups_claim": "groups",
  "oidc_auto_onboard": false,
  "oidc_verify_cert": true
}
END`,
      },
    },
    { id: 'docker' },
  ],
};
