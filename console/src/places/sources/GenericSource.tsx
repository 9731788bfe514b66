import { useTranslation } from 'react-i18next';

import { SchemaForm } from '../../form';
import { CopyField } from '../../shell/Copy';
import type { SourcePageProps } from './pages';
import { Check } from './parts/Findings';
import { Places } from './parts/Places';
import { Section } from './parts/Section';
import { Trial } from './parts/Trial';
import { SourceFrame } from './SourceFrame';

/** What is asked for at most upstreams, where the kind has it. */
const credentials = ['consumer_key', 'consumer_secret', 'oidc_well_known_url'];

/** A source of a kind that has no page of its own. */
export default function GenericSource(props: SourcePageProps) {
  const { t } = useTranslation();
  const { source, form, etag, path } = props;
  const name = source.type?.verbose_name ?? source.name;
  const asked = credentials.filter((field) => form.fields.some((one) => one.name === field));
  return (
    <SourceFrame
      {...props}
      setUp={(
        <>
          {source.callback_url && (
            <Section title={t('sources.callback.title')} text={t('sources.callback.text', { name })}>
              <div className="sources-narrow"><CopyField value={source.callback_url} label={t('sources.callback.title')} /></div>
            </Section>
          )}
          {asked.length > 0 && (
            <Section title={t('sources.credentials.title')} text={t('sources.credentials.text', { name })}>
              <div className="sources-narrow"><SchemaForm form={form} object={{ data: source, ...(etag && { etag }) }} only={asked} onSaved={() => {}} /></div>
            </Section>
          )}
          <Section title={t('sources.check.title', { name })} text={t('sources.check.text', { name })}><Check path={path} name={name} /></Section>
          <Section title={t('sources.places.title')} text={t('sources.places.text')}><Places source={source} /></Section>
          <Section title={t('sources.trial.title')} text={t('sources.trial.text', { name })}><Trial path={path} name={name} /></Section>
        </>
      )}
    />
  );
}
