import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../../api/query';
import { SchemaForm } from '../../../form';
import { useAddress, useSay } from '../../../shell';
import { Section } from '../Section';
import type { User } from './user';
import { userForm } from './user';

/** The form of a user who exists. Groups have a tab of their own. */
export function UserEdit({ object }: { object: { data: User; etag?: string } }) {
  const { t } = useTranslation();
  const say = useSay();
  const [, change] = useAddress();
  const { type } = object.data;
  const form = useMemo(() => userForm(t, type), [t, type]);
  const done = () => {
    say.done(t('directory.saved'));
    change({ tab: undefined });
  };
  return (
    <Section title={t('users.tab.edit')} narrow>
      <SchemaForm
        form={form}
        object={object as unknown as { data: Row; etag?: string }}
        hidden={['groups']}
        onSaved={done}
        onCancel={() => change({ tab: undefined })}
      />
    </Section>
  );
}
