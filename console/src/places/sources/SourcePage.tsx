import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '../../api/query';
import { type Form, useForms } from '../../form';
import { formFor } from '../../form/forms';
import { useParam } from '../../shell/Go';
import { Page } from '../../shell/Page';
import { Loading, Problem } from '../../shell/states';
import { type Source, useSource } from './model';
import { pagesOf } from './pages';
import './sources.css';

/** One source: finds out of what kind it is, and shows the page for that. */
export default function SourcePage() {
  const { t } = useTranslation();
  const slug = useParam('slug');
  const forms = useForms();
  const any = useGet<Source>(`sources/all/${slug}`);
  const form = any.data && formFor(forms.data ?? [], any.data);
  const error = any.error ?? forms.error;
  if (form) return <OfKind key={slug} slug={slug} form={form} />;
  return (
    <Page title={any.data?.name ?? slug} back={{ to: 'sources', label: t('menu.sources') }}>
      {error ? <Problem error={error} onRetry={() => void Promise.all([any.refetch(), forms.refetch()])} /> : <Loading />}
    </Page>
  );
}

function OfKind({ slug, form }: { slug: string; form: Form }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useSource(form.path, slug);
  if (!data) {
    return <Page title={slug} back={{ to: 'sources', label: t('menu.sources') }}>{error ? <Problem error={error} onRetry={() => void refetch()} /> : <Loading />}</Page>;
  }
  const { page: Own } = pagesOf(form.component, data.data.provider_type);
  const path = `${form.path}/${slug}`;
  return <Suspense fallback={<Page title={data.data.name}><Loading /></Page>}><Own source={data.data} form={form} path={path} {...(data.etag && { etag: data.etag })} /></Suspense>;
}
