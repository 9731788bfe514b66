import { Alert, Button, Flex, Modal, Select, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '../../../api/client';
import { useList } from '../../../api/query';
import { formatTime } from '../../../i18n/format';
import { CopyField, Go, Loading, useReason } from '../../../shell';
import type { User } from './user';
import { nameOf } from './user';

interface RecoveryProps {
  user: User;
  onClose: () => void;
  /** Instead of a link. */
  onPassword: () => void;
}

interface Brand {
  brand_uuid: string;
  domain: string;
  default: boolean;
  flow_recovery: string | null;
}

/** How long a link may be good, in the API's words. The keys are those of the texts. */
const durations = [
  { key: 'half', value: 'minutes=30', seconds: 1800 },
  { key: 'hours', value: 'hours=4', seconds: 14_400 },
  { key: 'day', value: 'days=1', seconds: 86_400 },
  { key: 'week', value: 'days=7', seconds: 604_800 },
] as const;

/** Makes a link by which somebody who cannot get in sets a new password, or sets one for the first time. */
export function Recovery({ user, onClose, onPassword }: RecoveryProps) {
  const { t } = useTranslation();
  const brands = useList<Brand>('core/brands', { page_size: 100 });
  const brand = brands.data && brandOf(brands.data.results, window.location.hostname);
  const ready = brand?.flow_recovery != null;
  return (
    <Modal open title={t('users.recovery.title', { name: nameOf(user) })} onCancel={onClose} footer={<Button onClick={onClose}>{t('directory.close')}</Button>}>
      {!brands.data ? <Loading /> : ready ? <LinkMaker user={user} /> : <Explanation brand={brand} onPassword={onPassword} />}
    </Modal>
  );
}

/** The brand that serves an address, as the server finds it: the one with the longest domain that the address ends with, else the default one. */
export function brandOf(brands: readonly Brand[], host: string): Brand | undefined {
  const fitting = brands.filter(({ domain }) => host.toLowerCase().endsWith(domain.toLowerCase()));
  return fitting.sort((a, b) => b.domain.length - a.domain.length)[0] ?? brands.find((brand) => brand.default);
}

function LinkMaker({ user }: { user: User }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [duration, setDuration] = useState<(typeof durations)[number]['key']>('day');
  const [made, setMade] = useState<{ link: string; until: Date } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const chosen = durations.find(({ key }) => key === duration) ?? durations[0];
  const make = async () => {
    setBusy(true);
    try {
      const { data } = await call<{ link: string }>('POST', `core/users/${user.pk}/recovery`, { body: { token_duration: chosen.value } });
      setMade({ link: data.link, until: new Date(Date.now() + chosen.seconds * 1000) });
      setError(null);
    } catch (err) {
      setError(err);
    }
    setBusy(false);
  };
  if (made) {
    return (
      <Flex vertical gap="middle">
        <CopyField value={made.link} label={t('users.recovery.link')} />
        <Typography.Text>{t('users.recovery.until', { time: formatTime(made.until) })}</Typography.Text>
        <Alert type="warning" showIcon title={t('users.recovery.secret')} />
      </Flex>
    );
  }
  return (
    <Flex vertical gap="middle">
      <Typography.Text>{t('users.recovery.text')}</Typography.Text>
      {!user.is_active && <Alert type="warning" showIcon title={t('users.recovery.inactive')} />}
      {error !== null && <Alert type="error" showIcon title={reason(error)} />}
      <Flex gap="small" wrap align="center">
        <span id="recovery-duration">{t('users.recovery.valid')}</span>
        <Select
          aria-labelledby="recovery-duration"
          value={duration}
          onChange={setDuration}
          options={durations.map(({ key }) => ({ value: key, label: t(`users.recovery.duration.${key}`) }))}
          popupMatchSelectWidth={false}
        />
        <Button type="primary" loading={busy} onClick={() => void make()}>{t('users.recovery.make')}</Button>
      </Flex>
    </Flex>
  );
}

/** Without a recovery flow there is no link. It says where one is chosen, and what helps until then. */
export function Explanation({ brand, onPassword }: { brand: Brand | undefined; onPassword: () => void }) {
  const { t } = useTranslation();
  return (
    <Flex vertical gap="middle" align="start">
      <Alert type="info" showIcon title={t('users.recovery.noFlow')} description={brand ? t('users.recovery.noFlowText', { brand: brand.domain }) : t('users.recovery.noBrandText')} />
      <Flex gap="middle" wrap align="center">
        <Go to={brand ? `brands/${brand.brand_uuid}` : 'brands'}>{t(brand ? 'users.recovery.toBrand' : 'users.recovery.toBrands')}</Go>
        <Button onClick={onPassword}>{t('users.password.do')}</Button>
      </Flex>
    </Flex>
  );
}
