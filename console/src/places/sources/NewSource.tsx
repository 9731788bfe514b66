import { Input } from 'antd';
import { Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../api/query';
import { type Form, formsOf, useForms } from '../../form';
import { Go, useAddress } from '../../shell/Go';
import { Page } from '../../shell/Page';
import { Empty, Loading, Problem } from '../../shell/states';
import type { SourceType } from './model';
import { pagesOf } from './pages';
import './sources.css';
import { clear } from '../../shell/Clear';

/** Something that can be added: a kind of source, or one of the varieties of a kind. */
interface Offer {
  form: Form;
  variety: string;
  title: string;
  preset: Record<string, unknown>;
}

/** The property that says which variety a source is. Kinds without it have none. */
const varietyField = 'provider_type';

function useOffers() {
  const forms = useForms();
  const kinds = useMemo(() => formsOf(forms.data ?? [], 'source').filter(({ path }) => path !== ''), [forms.data]);
  const varied = kinds.find(({ fields }) => fields.some(({ name }) => name === varietyField));
  const types = useGet<SourceType[]>(`${varied?.path}/source_types`, {}, varied !== undefined);
  // The form names varieties in the reader's language; the list of types does as authentik's, in English.
  const titles = new Map(varied?.fields.find(({ name }) => name === varietyField)?.enum.map(({ value, title }) => [value, title]));
  const offers = kinds.flatMap((form): Offer[] => (form === varied
    ? (types.data ?? []).map(({ name, verbose_name }) => ({ name, title: titles.get(name) || verbose_name }))
      .map(({ name, title }) => ({ form, variety: name, title, preset: { [varietyField]: name, name: title, slug: name } }))
    : [{ form, variety: '', title: form.verbose_name, preset: {} }]));
  const loading = forms.isPending || (varied !== undefined && types.isPending);
  return { offers, loading, error: forms.error ?? types.error, refetch: () => void Promise.all([forms.refetch(), types.refetch()]) };
}

/** First what to add, then its settings. */
export default function NewSource() {
  const { t } = useTranslation();
  const [{ kind, type = '' }] = useAddress();
  const { offers, loading, error, refetch } = useOffers();
  const chosen = offers.find((offer) => offer.form.kind === kind && offer.variety === type);
  const Maker = chosen && pagesOf(chosen.form.component, chosen.variety).maker;
  return (
    <Page
      title={chosen ? t('sources.addOne', { name: chosen.title }) : t('sources.add')}
      {...(!chosen && { subtitle: t('sources.choose') })}
      back={chosen ? { to: 'sources/new', label: t('sources.other') } : { to: 'sources', label: t('menu.sources') }}
      narrow
    >
      {error && !chosen ? <Problem error={error} onRetry={refetch} /> : loading && !chosen ? <Loading /> : Maker
        ? <Suspense fallback={<Loading />}><Maker form={chosen.form} preset={chosen.preset} /></Suspense>
        : <Offers offers={offers} />}
    </Page>
  );
}

function Offers({ offers }: { offers: Offer[] }) {
  const { t, i18n } = useTranslation();
  const [search, setSearch] = useState('');
  const found = offers.filter(({ title }) => title.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <>
      {offers.length > 6 && <Input type="search" allowClear={clear} aria-label={t('sources.search')} placeholder={t('sources.search')} value={search} onChange={(e) => setSearch(e.target.value)} />}
      {found.length === 0 && <Empty title={t('sources.noOffer')} />}
      <ul className="sources-offers">
        {found.map(({ form, variety, title }) => (
          <li key={`${form.kind} ${variety}`}>
            <Go to={`sources/new?kind=${form.kind}${variety && `&type=${variety}`}`} className="sources-offer">
              <strong>{title}</strong>
              <span>{i18n.exists(`sources.types.${variety}`) ? t(`sources.types.${variety}`) : form.description}</span>
            </Go>
          </li>
        ))}
      </ul>
    </>
  );
}
