// The form engine: what pages use of it. README.md says how.

export { CodeEditor } from './CodeEditor';
export type { CodeFault, CodeLanguage, CodeMirrorProps } from './code/CodeMirror';
export type { Draft } from './draft';
export { useDraftAround } from './draft';
export { DurationInput } from './DurationInput';
export type { FormDrawerProps } from './FormDrawer';
export { FormDrawer } from './FormDrawer';
export type { Choice, FieldType, Form, FormField } from './forms';
export { addressOf, formFor, formNamed, formsOf, makeField, makeForm, useForm, useForms, useNounOf } from './forms';
export { KindChooser } from './KindChooser';
export { ListEditor, moved } from './ListEditor';
export { ObjectEditor } from './ObjectEditor';
export type { WidgetProps } from './props';
export type { Key } from './ReferenceSelect';
export { ReferenceSelect } from './ReferenceSelect';
export { targetOf, useReferred } from './references';
export type { SchemaFormProps } from './SchemaForm';
export { SchemaForm } from './SchemaForm';
export { SecretInput } from './SecretInput';
export type { OpenForm } from './useFormDrawer';
export { useFormDrawer } from './useFormDrawer';
export { slugOf } from './values';
