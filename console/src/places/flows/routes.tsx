import { BranchesOutlined } from '@ant-design/icons';

import type { Place } from '..';

export const flows: Place = {
  key: 'flows',
  label: 'menu.flowsAndStages',
  icon: <BranchesOutlined />,
  menu: [
    { to: 'flows', label: 'menu.flows' },
    { to: 'stages', label: 'menu.stages' },
    { to: 'prompts', label: 'menu.prompts' },
    { to: 'policies', label: 'menu.policies' },
    { to: 'property-mappings', label: 'menu.propertyMappings' },
  ],
  routes: [],
};
