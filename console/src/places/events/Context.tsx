import { Button, Collapse } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Copy } from '../../shell';

/** Everything that was recorded, as it was. */
export function Context({ value, label }: { value: unknown; label?: string }) {
  const { t } = useTranslation();
  const [wide, setWide] = useState(false);
  const text = JSON.stringify(value, null, 2);
  const lines = text.split('\n');
  const cut = !wide && lines.length > 60;
  return (
    <Collapse
      ghost
      items={[{
        key: 'context',
        label: label ?? t('events.details'),
        children: (
          <>
            <pre className="event-json code" tabIndex={0} aria-label={label ?? t('events.details')}>{cut ? lines.slice(0, 60).join('\n') : text}</pre>
            <Copy text={text} label={label ?? t('events.details')}>{t('shell.copy')}</Copy>
            {cut && <Button type="link" onClick={() => setWide(true)}>{t('events.more', { count: lines.length - 60 })}</Button>}
          </>
        ),
      }]}
    />
  );
}
