import { useState } from 'react';

import { useGet } from '../../../api/query';
import { formFor, useForms } from '../../../form/forms';
import type { ClientProvider, Provider } from '../application';
import { isClient } from '../application';
import type { Values } from '../recipes';
import type { SetupUrls } from './facts';
import { algorithmOf, facts, randomKey } from './facts';

/** Stands for a secret on the screen. */
const dots = '••••••••••••';

interface Connection {
  provider?: ClientProvider;
  /** What placeholders stand for: with dots for the secret, and whole. */
  shown?: Values;
  whole?: Values;
  /** The provider is of a kind that has no client id. */
  foreign: boolean;
  error: unknown;
  retry: () => void;
}

/** All that an application needs to know of its provider. */
export function useConnection(row: Provider, visible: boolean): Connection {
  const [random] = useState(randomKey);
  const forms = useForms();
  const path = formFor(forms.data ?? [], row as never)?.path ?? '';
  const address = `${path}/${row.pk}`;
  const detail = useGet<Provider>(address, {}, path !== '');
  const provider = detail.data && isClient(detail.data) ? detail.data : undefined;
  const urls = useGet<SetupUrls>(`${address}/setup_urls`, {}, provider !== undefined);
  const key = useGet<{ key_type: string | null }>(`crypto/certificatekeypairs/${provider?.signing_key}`, {}, Boolean(provider?.signing_key));
  const brand = useGet<{ branding_title: string }>('core/brands/current', {}, provider !== undefined);
  const error = forms.error ?? detail.error ?? urls.error ?? key.error;
  const retry = () => void Promise.all([forms.refetch(), detail.refetch(), urls.refetch(), key.refetch()]);
  const foreign = detail.data !== undefined && !provider;
  const keyKnown = provider && (!provider.signing_key || key.data);
  if (!provider || !urls.data || !keyKnown || brand.isPending) return { ...(provider && { provider }), foreign, error, retry };
  const known = { brand: brand.data?.branding_title || 'Weimen', provider, urls: urls.data, algorithm: algorithmOf(provider.signing_key ? key.data?.key_type : null), random };
  const whole = facts({ ...known, secret: provider.client_secret });
  return { provider, whole, shown: visible ? whole : facts({ ...known, secret: dots }), foreign, error: null, retry };
}
