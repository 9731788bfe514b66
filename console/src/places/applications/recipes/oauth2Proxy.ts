import type { Recipe } from './recipe';

/** https://oauth2-proxy.github.io/oauth2-proxy/features/endpoints (the callback) and https://oauth2-proxy.github.io/oauth2-proxy/configuration/providers/openid_connect */
export const oauth2Proxy: Recipe = {
  id: 'oauth2Proxy',
  name: 'oauth2-proxy',
  documentation: 'https://oauth2-proxy.github.io/oauth2-proxy/configuration/providers/openid_connect',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/oauth2/callback'],
  launch: '{{url}}/',
  email: 'optional',
  steps: [
    {
      id: 'file',
      block: {
        format: 'ini',
        text: `provider = "oidc"
oidc_issuer_url = "{{issuer}}"
client_id = "{{client_id}}"
client_secret = "{{client_secret}}"
redirect_url = "{{url}}/oauth2/callback"
scope = "openid profile"
code_challenge_method = "S256"
insecure_oidc_skip_nonce = false
oidc_email_claim = "sub"
oidc_groups_claim = "groups"
email_domains = ["*"]
cookie_secret = "{{random}}"
upstreams = ["http://127.0.0.1:8080"]`,
      },
    },
    {
      id: 'environment',
      block: {
        format: 'env',
        text: `OAUTH2_PROXY_PROVIDER=oidc
OAUTH2_PROXY_OIDC_ISSUER_URL={{issuer}}
OAUTH2_PROXY_CLIENT_ID={{client_id}}
OAUTH2_PROXY_CLIENT_SECRET={{client_secret}}
OAUTH2_PROXY_REDIRECT_URL={{url}}/oauth2/callback
OAUTH2_PROXY_SCOPE=openid profile
OAUTH2_PROXY_CODE_CHALLENGE_METHOD=S256
OAUTH2_PROXY_INSECURE_OIDC_SKIP_NONCE=false
OAUTH2_PROXY_OIDC_EMAIL_CLAIM=sub
OAUTH2_PROXY_OIDC_GROUPS_CLAIM=groups
OAUTH2_PROXY_EMAIL_DOMAINS=*
OAUTH2_PROXY_COOKIE_SECRET={{random}}
OAUTH2_PROXY_UPSTREAMS=http://127.0.0.1:8080`,
      },
    },
    { id: 'upstream' },
  ],
};
