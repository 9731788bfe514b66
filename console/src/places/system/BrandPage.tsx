import { Card, Col, Row } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row as Values } from '../../api/query';
import { useObject } from '../../api/query';
import type { Draft } from '../../form/draft';
import { useForm } from '../../form/forms';
import { SchemaForm } from '../../form/SchemaForm';
import { LoginPreview } from '../../preview/LoginPreview';
import { Loading, Page, Problem, useGo, useParam, useSay } from '../../shell';
import { PictureNote } from './brand/PictureNote';
import { themeOf } from './brand/theme';
import { ThemeFields } from './brand/ThemeFields';

const heads = { appearance: (draft: Draft) => <ThemeFields draft={draft} /> };
/** A new brand begins with the name that the pages have without one; over the API it is authentik's. */
const fresh = { branding_title: 'Weimen' };
const notes = { branding_logo: <PictureNote name="branding_logo" />, branding_favicon: <PictureNote name="branding_favicon" /> };

/** A brand and, beside it, the login page as it will look. */
export default function BrandPage() {
  const { t } = useTranslation();
  const pk = useParam('pk');
  const go = useGo();
  const say = useSay();
  const form = useForm('Brand');
  const object = useObject<Values>(`core/brands/${pk}`, pk !== '');
  const [draft, setDraft] = useState<Values>({});
  const { base } = themeOf(draft.attributes);
  const title = pk ? String(object.data?.data.domain ?? '') : t('system.brand.add');
  const back = { to: 'brands', label: t('menu.brands') };
  if (object.error && !object.data) return <Page title={t('system.brand.one')} back={back}><Problem error={object.error} onRetry={() => void object.refetch()} /></Page>;
  if (!form || (pk && !object.data)) return <Page title={t('system.brand.one')} back={back}><Loading /></Page>;
  return (
    <Page title={title} back={back}>
      <Row gutter={[24, 24]}>
        <Col xs={24} xl={12}>
          <SchemaForm
            form={form}
            {...(object.data ? { object: object.data } : { preset: fresh })}
            open={['appearance']}
            heads={heads}
            notes={notes}
            onValues={setDraft}
            onSaved={(row) => {
              say.done(t('system.saved'));
              if (!pk) go(`brands/${String(row.brand_uuid)}`, { replace: true });
            }}
          />
        </Col>
        <Col xs={24} xl={12}>
          <Card className="system-preview" title={<h2 className="card-title">{t('system.brand.preview')}</h2>}><LoginPreview brand={draft} look={base === 'automatic' ? undefined : base} /></Card>
        </Col>
      </Row>
    </Page>
  );
}
