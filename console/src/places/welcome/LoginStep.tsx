import { Flex } from 'antd';

import { LoginPreview } from '../../preview/LoginPreview';
import type { Source } from '../sources/model';
import { Places } from '../sources/parts/Places';
import '../sources/sources.css';

/** Where the button stands, and the login page as it is now: without the button where that is switched off. */
export function LoginStep({ source }: { source: Source }) {
  return (
    <Flex vertical gap="large">
      <Places source={source} />
      <LoginPreview />
    </Flex>
  );
}
