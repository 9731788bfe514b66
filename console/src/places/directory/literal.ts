// Forms of nouns that the server has no kind for: users, groups, tokens, invitations. Their texts are the console's own.

import type { Form, FormField } from '../../form/forms';

/** A field with what is usual, and what is said otherwise. */
export function field(name: string, title: string, more: Partial<FormField> = {}): FormField {
  return {
    name, title, help: '', type: 'string', nullable: false, required: false, blank: true, read_only: false, write_only: false, multiline: false, slug: false, unique: false,
    max_length: 0, enum: [], ref: '', default: undefined, group: '', widget: '',
    ...more,
  };
}

/** A form over a collection of the API. */
export function literal(path: string, key: string, name: string, names: string, fields: FormField[], model: string): Form {
  return {
    ref: '', kind: '', model, schema: '', path, key, verbose_name: name, verbose_name_plural: names, component: '', description: '', fields,
  };
}
