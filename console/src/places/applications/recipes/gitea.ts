import type { Recipe } from './recipe';

/**
 * The redirect URI bears the name of the authentication source: https://lemonldap-ng.org/documentation/latest/applications/gitea, and the hint of Gitea's own form
 * (options/locale, auths.tips.oauth2.general.tip). The command: https://docs.gitea.com/administration/command-line
 */
export const gitea: Recipe = {
  id: 'gitea',
  name: 'Gitea / Forgejo',
  documentation: 'https://docs.gitea.com/administration/command-line',
  fields: [{ name: 'url', type: 'address' }, { name: 'source', type: 'name', default: 'weimen' }],
  redirects: ['{{url}}/user/oauth2/{{source}}/callback'],
  launch: '{{url}}/',
  email: 'asked',
  steps: [
    {
      id: 'command',
      block: {
        format: 'sh',
        text: `gitea admin auth add-oauth \\
  --name '{{source}}' \\
  --provider openidConnect \\
  --key '{{client_id}}' \\
  --secret '{{client_secret}}' \\
  --auto-discover-url '{{provider_info}}' \\
  --scopes profile --scopes email \\
  --group-claim-name groups`,
      },
    },
    {
      id: 'page',
      values: [
        { label: 'name', value: '{{source}}' },
        { label: 'id', value: '{{client_id}}' },
        { label: 'secret', value: '{{client_secret}}' },
        { label: 'discovery', value: '{{provider_info}}' },
        { label: 'scopes', value: 'profile email' },
      ],
    },
    { id: 'register', block: { format: 'ini', text: '[oauth2_client]\nENABLE_AUTO_REGISTRATION = false' } },
  ],
};
