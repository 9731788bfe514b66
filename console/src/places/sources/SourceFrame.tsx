import { DeleteOutlined } from '@ant-design/icons';
import { Button, Tabs, Tag } from 'antd';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { SchemaForm } from '../../form';
import { Guard } from '../../form/Guard';
import { narrowing } from '../../form/widget';
import { useDestroy } from '../../shell/Destroy';
import { useAddress, useGo } from '../../shell/Go';
import { Page } from '../../shell/Page';
import { useDraft } from './draft';
import type { SourcePageProps } from './pages';
import { Activity } from './parts/Activity';
import { ButtonTab } from './parts/ButtonTab';
import { Mappings } from './parts/Mappings';
import { People } from './parts/People';
import { Try } from './parts/Try';
import { Who } from './parts/Who';

interface FrameProps extends SourcePageProps {
  /** The first tab: what is to be done at the upstream and here. */
  setUp: ReactNode;
  /** What people call the upstream, where the server's name for it is another in this language. */
  upstream?: string;
  /** What is peculiar about this upstream's people. */
  note?: ReactNode;
}

/** A source's page: what is the same for all kinds, around what a kind says of its set-up. */
export function SourceFrame({ source, etag, form, path, setUp, note, upstream = source.type?.verbose_name ?? source.name }: FrameProps) {
  const { t } = useTranslation();
  const go = useGo();
  const destroy = useDestroy();
  const [{ tab = 'set-up' }, setAddress] = useAddress();
  const button = useDraft(form, source, etag);
  const who = useDraft(form, source, etag);
  const mappings = useDraft(form, source, etag);
  const drafts = [button, who, mappings];
  const dirty = useRef(false);
  useEffect(() => {
    dirty.current = drafts.some((draft) => draft.dirty);
  });
  const gone = () => {
    dirty.current = false; // what was typed went with the source
    go('sources');
  };
  const ofMappings = form.fields.find(({ name }) => name === 'user_property_mappings');
  const mark = (dirty: boolean) => dirty && <span className="sources-dot" role="img" aria-label={t('sources.unsaved')} />;
  const tabs: { key: string; label: ReactNode; children: ReactNode }[] = [
    { key: 'set-up', label: t('sources.tab.setUp'), children: setUp },
    { key: 'button', label: <>{t('sources.tab.button')}{mark(button.dirty)}</>, children: <ButtonTab draft={button} /> },
    { key: 'who', label: <>{t('sources.tab.who')}{mark(who.dirty)}</>, children: <Who draft={who} note={note} /> },
    {
      key: 'mappings', label: <>{t('sources.tab.mappings')}{mark(mappings.dirty)}</>,
      children: <Mappings draft={mappings} path={path} query={ofMappings ? narrowing(ofMappings) : {}} />,
    },
    { key: 'people', label: t('sources.tab.people'), children: <People source={source} path={form.path} /> },
    { key: 'activity', label: t('sources.tab.activity'), children: <Activity slug={source.slug} /> },
    { key: 'try', label: t('sources.tab.try'), children: <Try path={path} upstream={upstream} /> },
    {
      key: 'settings', label: t('sources.tab.settings'),
      children: (
        <div className="sources-narrow">
          <SchemaForm
            form={form}
            object={{ data: source, ...(etag && { etag }) }}
            onSaved={(row) => row.slug !== source.slug && go(`sources/${String(row.slug)}?tab=settings`, { replace: true })}
          />
        </div>
      ),
    },
  ];
  return (
    <Page
      title={source.name}
      subtitle={<>{source.type?.verbose_name ?? source.verbose_name} · <span className="code">{source.slug}</span> {!source.enabled && <Tag color="warning">{t('sources.off')}</Tag>}</>}
      back={{ to: 'sources', label: t('menu.sources') }}
      actions={(
        <Button
          danger
          icon={<DeleteOutlined aria-hidden />}
          onClick={() => destroy({ objects: [{ path, name: source.name }], noun: t('sources.noun'), consequence: t('sources.consequence'), onDone: gone })}
        >
          {t('sources.delete')}
        </Button>
      )}
    >
      <Guard dirty={dirty} />
      <Tabs className="sources-tabs" activeKey={tabs.some(({ key }) => key === tab) ? tab : 'set-up'} onChange={(key) => setAddress({ tab: key === 'set-up' ? undefined : key })} items={tabs} />
    </Page>
  );
}
