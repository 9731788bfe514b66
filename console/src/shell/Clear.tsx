import { CloseCircleFilled } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';

/** The drawing on the button that empties a field, with its name: the button has nothing else. For `allowClear` of an Input. */
export function ClearIcon() {
  const { t } = useTranslation();
  return <CloseCircleFilled role="img" aria-label={t('list.clear')} />;
}

export const clear = { clearIcon: <ClearIcon /> };
