import { useQueryClient } from '@tanstack/react-query';
import { Radio, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useChange } from '../../../api/query';
import { Bindings } from '../../../bindings/Bindings';
import { useSay } from '../../../shell';
import type { Application } from '../application';

/** Who may use it. */
export function Access({ app, etag }: { app: Application; etag?: string | undefined }) {
  const { t } = useTranslation();
  const change = useChange();
  const client = useQueryClient();
  const say = useSay();
  const set = (mode: string) => change.mutate({ method: 'PATCH', path: `core/applications/${app.slug}`, body: { policy_engine_mode: mode }, ...(etag && { ifMatch: etag }) }, {
    onError: (err) => {
      if (err.conflict) void client.invalidateQueries(); // what is there now is shown
      say.failed(err);
    },
  });
  return (
    <section className="applications-stack">
      <Typography.Title level={2}>{t('applications.access.title')}</Typography.Title>
      <Typography.Paragraph type="secondary">{t('applications.access.text')}</Typography.Paragraph>
      <Bindings target={app.pk} label={t('applications.access.of', { name: app.name })} none={t('applications.access.none')} mode={app.policy_engine_mode} />
      <Radio.Group
        vertical
        value={app.policy_engine_mode}
        disabled={change.isPending}
        aria-label={t('applications.access.mode')}
        onChange={({ target: { value } }) => set(value as string)}
        options={[{ value: 'any', label: t('bindings.mode.any') }, { value: 'all', label: t('bindings.mode.all') }]}
      />
    </section>
  );
}
