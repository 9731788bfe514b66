import { Bindings } from '../../../bindings/Bindings';
import type { Target } from '../data';
import { useGuards } from '../data';

interface GuardsProps {
  target: Target;
  label: string;
  mode: string;
  none: string;
}

/**
 * What stands before a flow or a stage of one. Either has two ids that bindings may know it by, and an installation that came from elsewhere may use the second; there the list is given as well.
 */
export function Guards({ target, label, mode, none }: GuardsProps) {
  const { data } = useGuards([target]);
  const second = (data?.results ?? []).some((guard) => guard.target === target.policybindingmodel_ptr_id);
  const props = { label, none, mode: mode === 'all' ? 'all' as const : 'any' as const };
  return (
    <>
      <Bindings target={target.pk} {...props} />
      {second && <Bindings target={target.policybindingmodel_ptr_id} {...props} />}
    </>
  );
}
