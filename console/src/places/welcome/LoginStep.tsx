import { Flex } from 'antd';

import { LoginPreview } from '../../preview/LoginPreview';
import type { Source } from '../sources/model';
import { Places } from '../sources/parts/Places';
import '../sources/sources.css';

/** The button on the login page, as it is now. */
export function LoginStep({ source }: { source: Source }) {
  return (
    <Flex vertical gap="large">
      <Places source={source} />
      <LoginPreview source={{ slug: source.slug }} />
    </Flex>
  );
}
