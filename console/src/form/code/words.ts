// The names that expressions know, as docs/expressions.md lists them: offered while somebody types.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { localCompletionSource } from '@codemirror/lang-python';

const variables = [
  'request', 'user', 'context', 'http_request', 'ak_client_ip', 'ak_is_sso_flow', 'ak_logger', 'info', 'token', 'source', 'client', 'properties', 'group_id', 'provider',
  'prompt_context',
];

/** Functions with their arguments. */
const functions: Record<string, string> = {
  ak_message: '(text)', ak_is_group_member: '(user, name="staff")', ak_user_by: '(username=…)', ak_user_has_authenticator: '(user, "totp")', ak_call_policy: '("name")',
  ak_create_event: '("name", key=value)', ip_address: '(text)', ip_network: '("10.0.0.0/8")', resolve_dns: '(host, 4)', reverse_dns: '(address)',
  regex_match: '(text, pattern)', regex_replace: '(text, pattern, by)', list_flatten: '(list)', slugify: '(text)', isinstance: '(value, str)',
  char_len: '(text)', char_slice: '(text, start, end)', len: '(value)', str: '(value)', int: '(value)', bool: '(value)', dict: '()', list: '(values)', any: '(values)', all: '(values)',
  sorted: '(values)', range: '(end)', min: '(values)', max: '(values)', enumerate: '(values)', zip: '(a, b)',
};

const keywords = ['return', 'if', 'elif', 'else', 'for', 'in', 'not', 'and', 'or', 'def', 'lambda', 'None', 'True', 'False', 'pass', 'break', 'continue', 'while'];

/** What follows a dot, by what stands before it. */
const attributes: Record<string, readonly string[]> = {
  request: ['user', 'context', 'http_request', 'obj'],
  user: [
    'pk', 'uuid', 'uid', 'username', 'name', 'email', 'is_active', 'is_superuser', 'type', 'path', 'attributes', 'groups', 'all_groups()', 'group_attributes()', 'has_usable_password()',
    'last_login', 'date_joined', 'app_entitlements()', 'app_entitlements_attributes()',
  ],
  http_request: ['method', 'path', 'GET', 'headers', 'META', 'user', 'tenant', 'brand'],
  ak_logger: ['debug', 'info', 'warning', 'error'],
  provider: ['name', 'application'],
  source: ['name', 'slug'],
  context: ['get("…")', 'items()', 'keys()'],
  flow_plan: ['redirect()'],
};

/** What the context may hold, where it is known. */
const held = [
  'pending_user', 'prompt_data', 'source', 'application', 'invitation', 'oauth_userinfo', 'is_sso', 'is_restored', 'user_backend', 'auth_method', 'auth_method_args', 'captcha', 'flow_plan',
  'geoip', 'asn',
];

const top: Completion[] = [
  ...variables.map((label) => ({ label, type: 'variable', boost: 2 })),
  ...Object.entries(functions).map(([label, detail]) => ({ label, detail, type: 'function', apply: `${label}(`, boost: 1 })),
  ...keywords.map((label) => ({ label, type: 'keyword' })),
];

/** What fits where the cursor stands. */
export function complete(at: CompletionContext): CompletionResult | null {
  const key = at.matchBefore(/context(?:\[|\.get\()["']\w*/);
  if (key) {
    return { from: key.from + key.text.search(/\w*$/), options: held.map((label) => ({ label, type: 'property' })), validFor: /^\w*$/ };
  }
  const dotted = at.matchBefore(/(\w+)\.\w*/);
  if (dotted) {
    const [owner = ''] = dotted.text.split('.');
    const options = attributes[owner]?.map((label) => ({ label, type: label.endsWith(')') ? 'method' : 'property' }));
    return options ? { from: dotted.from + owner.length + 1, options, validFor: /^\w*$/ } : null;
  }
  const word = at.matchBefore(/\w+/);
  if (!word && !at.explicit) return null;
  const own = localCompletionSource(at);
  return { from: word?.from ?? at.pos, options: [...top, ...(own?.options ?? [])], validFor: /^\w*$/ };
}
