import { Alert, Flex, theme, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { Go } from '../../../shell/Go';
import type { Refusal, TryResult as Result } from '../model';
import { FindingList } from './Findings';
import { Properties, StoredTable } from './properties';

/** What came of a dry run: what would have happened, what the person would have read, and how it came about. */
export function TryResult({ result }: { result: Result }) {
  const { t } = useTranslation();
  const { refusal, user } = result;
  return (
    <Flex vertical gap="middle">
      <Alert
        type={result.ok && !refusal ? 'success' : 'error'}
        showIcon
        title={result.sentence || t(result.ok ? 'sources.try.good' : 'sources.try.bad')}
        description={(
          <>
            {t('sources.try.nothingStored')}
            {user && <> <Go to={`users/${user.pk}`}>{t('sources.try.toUser', { name: user.username })}</Go></>}
          </>
        )}
      />
      {refusal && <RefusalCard refusal={refusal} />}
      {result.steps?.length > 0 && (
        <section>
          <Typography.Title level={4}>{t('sources.try.steps')}</Typography.Title>
          <FindingList findings={result.steps} label={t('sources.try.steps')} />
        </section>
      )}
      {result.profile && Object.keys(result.profile).length > 0 && (
        <div className="sources-pair">
          <section>
            <Typography.Title level={4}>{t('sources.mappings.before')}</Typography.Title>
            <Properties value={result.profile} label={t('sources.mappings.before')} />
          </section>
          {result.properties?.user && (
            <section>
              <Typography.Title level={4}>{t('sources.mappings.after')}</Typography.Title>
              <StoredTable result={result} />
            </section>
          )}
        </div>
      )}
    </Flex>
  );
}

/** The page that the person would see, in small. */
export function RefusalCard({ refusal }: { refusal: Refusal }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  return (
    <figure className="sources-refusal" style={{ borderColor: token.colorBorder, background: token.colorFillQuaternary }}>
      <figcaption>{t('sources.try.peopleRead')}</figcaption>
      <Typography.Text strong className="sources-refusal-title">{refusal.title}</Typography.Text>
      <p>{refusal.happened}</p>
      <p>{refusal.who}</p>
      <p>{refusal.next}</p>
      <Typography.Text type="secondary" className="code">{refusal.reason}</Typography.Text>
    </figure>
  );
}
