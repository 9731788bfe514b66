import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Explanation } from './types';

/** What the person read who was refused, and what can be done. */
export function Explained({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="warning"
      showIcon
      title={explanation.title}
      description={(
        <>
          <p>{explanation.happened}</p>
          <p><strong>{t('events.who')}</strong> {explanation.who}</p>
          <p><strong>{t('events.next')}</strong> {explanation.next}</p>
        </>
      )}
    />
  );
}
