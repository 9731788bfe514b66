import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Flex, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiError } from '../../../api/client';
import { useChange } from '../../../api/query';
import { Copy, CopyField, useSay } from '../../../shell';
import type { ClientProvider } from '../application';
import { randomText } from '../connect/facts';
import { recipeBehind } from '../recipes';

interface ClientProps {
  provider: ClientProvider;
  /** The version of the provider that is shown. */
  etag?: string | undefined;
  path: string;
}

/** How the application proves itself, and where codes may be sent. */
export function Client({ provider, etag, path }: ClientProps) {
  const { t } = useTranslation();
  return (
    <section className="applications-section">
      <Typography.Title level={2}>{t('providers.client')}</Typography.Title>
      <dl className="applications-values">
        <div className="applications-pair">
          <dt>{t('providers.clientId')}</dt>
          <dd><CopyField value={provider.client_id} label={t('providers.clientId')} /></dd>
        </div>
        <div className="applications-pair">
          <dt>{t('providers.clientSecret')}</dt>
          <dd>{provider.client_type === 'public' ? <Typography.Text type="secondary">{t('providers.publicClient')}</Typography.Text> : <Secret provider={provider} etag={etag} path={path} />}</dd>
        </div>
        <div className="applications-pair">
          <dt>{t('providers.redirects')}</dt>
          <dd>
            {provider.redirect_uris.length === 0 && <Typography.Text type="warning">{t('providers.noRedirects')}</Typography.Text>}
            <ul className="applications-uris">
              {provider.redirect_uris.map(({ matching_mode, url }) => (
                <li key={`${matching_mode} ${url}`}><code>{url}</code> {matching_mode === 'regex' && <Tag>{t('providers.regex')}</Tag>}</li>
              ))}
            </ul>
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** The secret: hidden until somebody asks, to be copied, or replaced by a new one. */
function Secret({ provider, etag, path }: ClientProps) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [visible, setVisible] = useState(false);
  const change = useChange();
  const client = useQueryClient();
  const say = useSay();
  // The server makes one as long as it likes; some products keep no long ones.
  const { secretLength } = recipeBehind(provider.redirect_uris.map(({ url }) => url)).recipe;
  const rotate = () => void modal.confirm({
    title: t('providers.rotate.title'),
    content: t('providers.rotate.text', { name: provider.assigned_application_name ?? provider.name }),
    okText: t('providers.rotate.do'),
    okButtonProps: { danger: true },
    cancelText: t('providers.rotate.cancel'),
    onOk: async () => {
      try {
        await change.mutateAsync({ method: 'PATCH', path, body: { client_secret: secretLength ? randomText(secretLength) : '' }, ...(etag && { ifMatch: etag }) });
        say.done(t('providers.rotate.done'));
      } catch (err) {
        if (err instanceof ApiError && err.conflict) void client.invalidateQueries(); // what is there now is shown, and may be replaced after a look
        say.failed(err);
      }
    },
  });
  return (
    <Flex gap="small" wrap align="center">
      <code className="applications-secret" aria-label={t('providers.clientSecret')}>{visible ? provider.client_secret : '••••••••••••'}</code>
      <Button icon={visible ? <EyeInvisibleOutlined /> : <EyeOutlined />} onClick={() => setVisible(!visible)}>{t(visible ? 'applications.connect.hide' : 'applications.connect.show')}</Button>
      <Copy text={provider.client_secret} label={t('providers.clientSecret')} />
      <Button danger onClick={rotate} loading={change.isPending}>{t('providers.rotate.button')}</Button>
    </Flex>
  );
}
