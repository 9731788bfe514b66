import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';

import type { Row } from '../../../api/query';
import { useFormDrawer } from '../../../form';

interface NewKindProps {
  sort: 'stage' | 'policy' | 'propertymapping';
  label: string;
  onSaved: (row: Row) => void;
}

/** A button that makes an object of a kind to be chosen. */
export function NewKind({ sort, label, onSaved }: NewKindProps) {
  const { open, element } = useFormDrawer();
  return (
    <>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => open({ ref: sort, onSaved })}>{label}</Button>
      {element}
    </>
  );
}
