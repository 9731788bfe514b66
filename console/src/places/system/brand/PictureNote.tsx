import { useTranslation } from 'react-i18next';

import { useDraftAround } from '../../../form/draft';

/** Whether an address leads to another host than this one. */
const elsewhere = (address: unknown) => {
  const url = typeof address === 'string' ? URL.parse?.(address, location.href) : null;
  return url !== null && url !== undefined && /^https?:$/.test(url.protocol) && url.host !== location.host;
};

/** What to know of a picture's address. */
export function PictureNote({ name }: { name: string }) {
  const { t } = useTranslation();
  const address = useDraftAround()?.values[name];
  return (
    <div className="form-help">
      {t('system.brand.picture')}
      {elsewhere(address) && <div>{t('system.brand.pictureUnseen')}</div>}
    </div>
  );
}
