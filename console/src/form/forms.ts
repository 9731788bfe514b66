// What the server says about the forms of its nouns and kinds, and how a page finds the one it wants.

import type { Query } from '../api/client';
import type { Row } from '../api/query';
import { useGet } from '../api/query';

export type FieldType = 'string' | 'boolean' | 'integer' | 'number' | 'time' | 'duration' | 'secret' | 'object' | 'list' | 'struct';

/** One of the values that a field allows. */
export interface Choice {
  value: string;
  title: string;
}

/** A field, as GET /schema/forms/ describes it. */
export interface FormField {
  name: string;
  title: string;
  help: string;
  type: FieldType;
  /** Of what a list is made. */
  item?: FormField;
  /** What a struct has. */
  fields?: FormField[];
  nullable: boolean;
  required: boolean;
  /** Required, yet may be empty. */
  blank: boolean;
  read_only: boolean;
  write_only: boolean;
  multiline: boolean;
  slug: boolean;
  unique: boolean;
  /** In characters; 0 is without end. */
  max_length: number;
  enum: Choice[];
  /** The noun that the value names: "flow", "stage", ... */
  ref: string;
  default: unknown;
  /** The section of the form: "" for what everybody looks at. */
  group: string;
  /** What draws the field, where its type alone does not say: "expression", "css", "ordered", "where:designation=enrollment" ... */
  widget: string;
}

/** A noun or a kind, with all its fields. */
export interface Form {
  /** Its sort: "stage", "flow". Kinds of one sort share it. */
  ref: string;
  /** The kind's wire name; "" for a noun without kinds. */
  kind: string;
  /** authentik's label of the model: "authentik_stages_user_login.userloginstage". */
  model: string;
  /** Its name in the OpenAPI document. */
  schema: string;
  /** The collection. */
  path: string;
  /** What is asked for beside the path, where an answer would else hold what the form does not show. */
  query?: Query;
  /** The property that stands in an item's address; "" where the collection is the one object itself. */
  key: string;
  verbose_name: string;
  verbose_name_plural: string;
  component: string;
  description: string;
  fields: FormField[];
}

/** All forms that the server has. They change with the server and the reader's language only. */
export function useForms() {
  const answer = useGet<{ forms: Form[] }>('schema/forms');
  return { ...answer, data: answer.data?.forms };
}

/** The form of a noun or kind by its schema ("OAuthSource") or its model ("authentik_sources_oauth.oauthsource"); undefined until it is known. */
export function useForm(name: string): Form | undefined {
  return formNamed(useForms().data ?? [], name);
}

export const formNamed = (forms: readonly Form[], name: string): Form | undefined =>
  forms.find(({ schema, model }) => schema === name || model === name);

/** Says in the reader's language what an object is that a list of uses names by its model: "application". */
export function useNounOf(): (object: { app: string; model_name: string }) => string {
  const forms = useForms().data ?? [];
  return ({ app, model_name: model }) => formNamed(forms, `${app}.${model}`)?.verbose_name ?? model;
}

/** Gives the name of an object's kind in the reader's language. */
export function useKindName(): (object: { verbose_name: string; meta_model_name?: string; component?: string } | null | undefined) => string {
  const { data: forms } = useForms();
  return (object) => (object ? formFor(forms ?? [], { ...object })?.verbose_name || object.verbose_name : '');
}

/** The kinds of a sort; for a sort without kinds its one form. */
export const formsOf = (forms: readonly Form[], ref: string): Form[] => forms.filter((form) => form.ref === ref);

/** The form of a row out of a list of all kinds, such as "stages/all". */
export function formFor(forms: readonly Form[], row: Row): Form | undefined {
  return forms.find(({ model }) => model === row.meta_model_name) ?? forms.find(({ component }) => component !== '' && component === row.component);
}

/** Where one object stands in the API. */
export const addressOf = (form: Form, key: unknown): string => (form.key === '' ? form.path : `${form.path}/${encodeURIComponent(String(key))}`);

/** A field of a form that a page writes itself, with what it leaves out. */
export function makeField(field: Pick<FormField, 'name' | 'title' | 'type'> & Partial<FormField>): FormField {
  return {
    help: '', nullable: false, required: false, blank: false, read_only: false, write_only: false, multiline: false, slug: false, unique: false, max_length: 0,
    enum: [], ref: '', default: emptyOf(field.type), group: '', widget: '', ...field,
  };
}

/** A form that a page writes itself, for a noun that the server has no form of. */
export function makeForm(form: Pick<Form, 'path' | 'key' | 'verbose_name' | 'fields'> & Partial<Form>): Form {
  return { ref: '', kind: '', model: '', schema: '', verbose_name_plural: form.verbose_name, component: '', description: '', ...form };
}

function emptyOf(type: FieldType): unknown {
  switch (type) {
    case 'boolean':
      return false;
    case 'list':
      return [];
    case 'object':
    case 'struct':
      return {};
    case 'integer':
    case 'number':
    case 'time':
      return null;
    default:
      return '';
  }
}
