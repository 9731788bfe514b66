import type { Recipe } from './recipe';

/** https://plugins.jenkins.io/oic-auth/ ("Login Redirect URI", "Logout Redirect URI") and https://github.com/jenkinsci/oic-auth-plugin/blob/master/docs/configuration/README.md */
export const jenkins: Recipe = {
  id: 'jenkins',
  name: 'Jenkins',
  documentation: 'https://plugins.jenkins.io/oic-auth/',
  fields: [{ name: 'url', type: 'address' }],
  redirects: ['{{url}}/securityRealm/finishLogin', '{{url}}/OicLogout'],
  launch: '{{url}}/',
  email: 'optional',
  steps: [
    { id: 'install', block: { format: 'sh', text: 'jenkins-plugin-cli --plugins oic-auth' } },
    {
      id: 'code',
      block: {
        format: 'yaml',
        text: `jenkins:
  securityRealm:
    oic:
      clientId: "{{client_id}}"
      clientSecret: "{{client_secret}}"
      serverConfiguration:
        wellKnown:
          wellKnownOpenIDConfigurationUrl: "{{provider_info}}"
          scopesOverride: "openid profile email"
      userNameField: "sub"
      fullNameFieldName: "name"
      emailFieldName: "email"
      groupsFieldName: "groups"
      logoutFromOpenidProvider: true
      postLogoutRedirectUrl: "{{url}}/OicLogout"
unclassified:
  location:
    url: "{{url}}/"`,
      },
    },
    {
      id: 'page',
      values: [
        { label: 'id', value: '{{client_id}}' },
        { label: 'secret', value: '{{client_secret}}' },
        { label: 'discovery', value: '{{provider_info}}' },
        { label: 'scopes', value: 'openid profile email' },
        { label: 'user', value: 'sub' },
        { label: 'full', value: 'name' },
        { label: 'email', value: 'email' },
        { label: 'groups', value: 'groups' },
      ],
    },
    { id: 'hatch' },
  ],
};
