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
  routes: [
    { path: 'flows', page: () => import('./FlowsPage') },
    { path: 'flows/$slug', page: () => import('./FlowPage') },
    { path: 'stages', page: () => import('./StagesPage') },
    { path: 'stages/device-types', page: () => import('./DeviceTypesPage') },
    { path: 'stages/$pk', page: () => import('./StagePage') },
    { path: 'prompts', page: () => import('./PromptsPage') },
    { path: 'prompts/$pk', page: () => import('./PromptPage') },
    { path: 'policies', page: () => import('./PoliciesPage') },
    { path: 'policies/$pk', page: () => import('./PolicyPage') },
    { path: 'property-mappings', page: () => import('./MappingsPage') },
    { path: 'property-mappings/$pk', page: () => import('./MappingPage') },
  ],
};
