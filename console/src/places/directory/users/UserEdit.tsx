import { useMemo, useState } from 'react';
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
  const [round, setRound] = useState(0);
  const form = useMemo(() => userForm(t, type), [t, type]);
  const done = () => {
    say.done(t('directory.saved'));
    change({ tab: undefined });
  };
  // The tab is kept while others are looked at; to cancel begins it anew.
  const cancel = () => {
    setRound(round + 1);
    change({ tab: undefined });
  };
  return (
    <Section title={t('users.tab.edit')} narrow>
      <SchemaForm
        key={round}
        form={form}
        object={object as unknown as { data: Row; etag?: string }}
        hidden={['groups']}
        onSaved={done}
        onCancel={cancel}
      />
    </Section>
  );
}
