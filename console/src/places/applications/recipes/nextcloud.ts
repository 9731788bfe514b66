import type { Recipe } from './recipe';

/**
 * https://docs.nextcloud.com/server/latest/admin_manual/configuration_user/user_auth_oidc.html and https://github.com/nextcloud/user_oidc. The redirect URI has index.php in
 * it where addresses are not rewritten. Secrets above 64 characters are not kept whole by some versions: https://github.com/nextcloud/user_oidc/issues/405
 */
export const nextcloud: Recipe = {
  id: 'nextcloud',
  name: 'Nextcloud',
  documentation: 'https://docs.nextcloud.com/server/latest/admin_manual/configuration_user/user_auth_oidc.html',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/apps/user_oidc/code', '{{url}}/index.php/apps/user_oidc/code'],
  launch: '{{url}}/',
  email: 'optional',
  secretLength: 60,
  steps: [
    { id: 'install', block: { format: 'sh', text: 'sudo -u www-data php occ app:install user_oidc' } },
    {
      id: 'command',
      block: {
        format: 'sh',
        text: `sudo -u www-data php occ user_oidc:provider weimen \\
  --clientid='{{client_id}}' \\
  --clientsecret='{{client_secret}}' \\
  --discoveryuri='{{provider_info}}' \\
  --scope='openid profile email' \\
  --mapping-uid=sub \\
  --mapping-display-name=name \\
  --mapping-email=email \\
  --mapping-groups=groups`,
      },
    },
    {
      id: 'page',
      values: [
        { label: 'identifier', value: 'weimen' },
        { label: 'id', value: '{{client_id}}' },
        { label: 'secret', value: '{{client_secret}}' },
        { label: 'discovery', value: '{{provider_info}}' },
        { label: 'scope', value: 'openid profile email' },
      ],
    },
  ],
};
