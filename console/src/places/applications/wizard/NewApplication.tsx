import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Flex, Steps } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Paginated } from '../../../api/client';
import { call } from '../../../api/client';
import { Guard } from '../../../form/Guard';
import { Go, Page, useAddress, useReason } from '../../../shell';
import { recipeOf } from '../recipes';
import { Addresses } from './Addresses';
import { ChooseRecipe } from './ChooseRecipe';
import { Done } from './Done';
import type { Answers } from './answers';
import { begin, faultsOf, planOf } from './answers';
import { HalfMade, make } from './make';
import { useDefaults } from './useDefaults';
import { Who } from './Who';
import '../applications.css';

const steps = ['what', 'where', 'who', 'done'] as const;

/** Leads from nothing to an application that people can sign in to. */
export default function NewApplication() {
  const { t } = useTranslation();
  const [{ made, step: at, welcome }, setAddress] = useAddress();
  const [answers, setAnswers] = useState<Answers>();
  // The answers are not in the address: whoever opens a later step without them begins.
  const step = answers && (at === 'where' || at === 'who') ? steps.indexOf(at) : 0;
  const setStep = (next: number) => setAddress({ step: next > 0 ? steps[next] : undefined });
  const dirty = useRef(false);
  dirty.current = answers !== undefined && !made;
  useEffect(() => {
    if (made) setAnswers(undefined); // "back" leads to another application, not to the same once more
  }, [made]);
  const current = made ? 3 : step;
  return (
    <Page title={t('applications.wizard.title')} back={{ to: 'applications', label: t('menu.applications') }}>
      <Steps
        className="applications-steps"
        size="small"
        current={current}
        responsive
        items={steps.map((key) => ({ title: t(`applications.wizard.step.${key}`) }))}
      />
      {made ? <Done slug={made} welcome={welcome} /> : step === 0 || !answers ? (
        <ChooseRecipe onChoose={(recipe) => { setAnswers(begin(recipe, answers)); setStep(1); }} />
      ) : (
        <Ask step={step} answers={answers} onAnswers={setAnswers} onStep={setStep} onMade={(slug) => { dirty.current = false; setAddress({ made: slug, step: undefined }, { replace: true }); }} />
      )}
      <Guard dirty={dirty} />
    </Page>
  );
}

interface AskProps {
  step: number;
  answers: Answers;
  onAnswers: (answers: Answers) => void;
  onStep: (step: number) => void;
  onMade: (slug: string) => void;
}

/** The two steps that ask, and the making. */
function Ask({ step, answers, onAnswers, onStep, onMade }: AskProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const defaults = useDefaults();
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [taken, setTaken] = useState<string>();
  const recipe = recipeOf(answers.recipe)!;
  const { who, ...others } = faultsOf(recipe, answers);
  const wrong = Object.keys(others).length > 0 || (step === 2 && who !== undefined);
  const root = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (shown || taken) root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [shown, taken]);
  const next = async () => {
    setFailure(undefined);
    setShown(false);
    setTaken(undefined);
    if (wrong) return setTimeout(() => setShown(true)); // anew, so that the first fault is brought to attention again
    if (step === 1) {
      const free = await slugIsFree(answers.slug);
      return free ? onStep(2) : setTaken(answers.slug);
    }
    if (!defaults.ready) return undefined;
    setBusy(true);
    try {
      const { application } = await make(planOf(recipe, answers, defaults.ready));
      await client.invalidateQueries();
      onMade(application.slug);
    } catch (err) {
      setFailure(err);
    } finally {
      setBusy(false);
    }
    return undefined;
  };
  return (
    <form ref={root} noValidate className="applications-stack page-narrow" onSubmit={(e) => { e.preventDefault(); void next(); }}>
      {defaults.missing && <Alert type="error" showIcon title={t(`applications.wizard.missing.${defaults.missing}`)} />}
      {failure !== undefined && <Failure failure={failure} />}
      {step === 1
        ? <Addresses recipe={recipe} answers={answers} onChange={onAnswers} faults={shown ? others : taken === answers.slug ? { slug: { key: 'applications.wizard.fault.taken' } } : {}} />
        : <Who answers={answers} onChange={onAnswers} fault={shown ? who : undefined} />}
      <Flex gap="small" wrap>
        <Button onClick={() => onStep(step - 1)} disabled={busy}>{t('applications.wizard.back')}</Button>
        <Button type="primary" htmlType="submit" loading={busy || (step === 2 && defaults.loading)} disabled={defaults.missing !== undefined}>
          {t(step === 1 ? 'applications.wizard.next' : 'applications.wizard.make')}
        </Button>
      </Flex>
    </form>
  );
}

/** Whether no application has the slug. If that cannot be asked now, the server will say so when the application is made. */
async function slugIsFree(slug: string): Promise<boolean> {
  try {
    const { data } = await call<Paginated<unknown>>('GET', 'core/applications', { query: { slug, superuser_full_list: true, page_size: 1 } });
    return data.pagination.count === 0;
  } catch {
    return true;
  }
}

/** Why nothing was made, and what of it is still there. */
function Failure({ failure }: { failure: unknown }) {
  const { t } = useTranslation();
  const reason = useReason();
  if (!(failure instanceof HalfMade)) return <Alert type="error" showIcon title={t('applications.wizard.failed.title')} description={reason(failure)} />;
  const { at, cause, left } = failure;
  return (
    <Alert
      type="error"
      showIcon
      title={t(`applications.wizard.failed.${at}`)}
      description={(
        <>
          <p>{reason(cause)}</p>
          {left.length === 0 ? <p>{t('applications.wizard.failed.nothingLeft')}</p> : (
            <>
              <p>{t('applications.wizard.failed.left')}</p>
              <ul>{left.map(({ to, name }) => <li key={to}><Go to={to}>{name}</Go></li>)}</ul>
            </>
          )}
        </>
      )}
    />
  );
}
