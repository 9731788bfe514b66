import { formsOf, useForms } from '../../../form';

/** The kinds of a sort as a filter of its list offers them. */
export function useKindOptions(sort: string): { value: string; label: string }[] {
  const { data: forms } = useForms();
  return formsOf(forms ?? [], sort).map(({ model, verbose_name }) => ({ value: model, label: verbose_name }));
}
