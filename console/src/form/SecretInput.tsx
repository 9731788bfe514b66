import { Button, Flex, Input, Space, Tag } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Copy } from '../shell/Copy';

interface SecretInputProps {
  /** Undefined keeps what is stored. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  label: string;
  id?: string;
  onBlur?: () => void;
  /** Something is stored, or may be, that the server never shows. */
  kept?: boolean;
  /** Whether something is stored, where that is known. */
  stored?: boolean | undefined;
  /** The server shows this secret to who may change it: it can be copied. */
  readable?: boolean;
  multiline?: boolean;
  describedBy?: string;
  invalid?: boolean;
}

/** A secret. One that is stored and never shown can only be replaced. */
export function SecretInput({ value, onChange, label, id, onBlur, kept, stored, readable, multiline, describedBy, invalid }: SecretInputProps) {
  const { t } = useTranslation();
  const [replacing, setReplacing] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (replacing) box.current?.querySelector<HTMLElement>('input, textarea')?.focus();
  }, [replacing]);
  if (kept && value === undefined && !replacing) {
    return (
      <Flex gap="small" align="center" wrap>
        {stored === undefined
          ? <Tag>{t('form.secret.hidden')}</Tag>
          : <Tag color={stored ? 'success' : 'warning'}>{t(stored ? 'form.secret.set' : 'form.secret.unset')}</Tag>}
        <Button id={id} onClick={() => setReplacing(true)} aria-label={t(stored === false ? 'form.secret.enterNamed' : 'form.secret.replaceNamed', { name: label })} {...(describedBy && { 'aria-describedby': describedBy })}>
          {t(stored === false ? 'form.secret.enter' : 'form.secret.replace')}
        </Button>
      </Flex>
    );
  }
  const props = {
    id, value: value ?? '', onBlur, autoComplete: 'new-password', 'aria-label': label, spellCheck: false,
    ...(describedBy && { 'aria-describedby': describedBy }), ...(invalid && { status: 'error' as const, 'aria-invalid': true }),
    onChange: (e: { target: { value: string } }) => onChange(e.target.value),
  };
  return (
    <div ref={box}>
      <Space.Compact block>
        {multiline ? <Input.TextArea {...props} rows={4} className="code grows" /> : <Input.Password {...props} className="code" />}
        {readable && value !== undefined && value !== '' && <Copy text={value} label={label} />}
        {kept && <Button onClick={() => { setReplacing(false); onChange(undefined); }}>{t('form.secret.keep')}</Button>}
      </Space.Compact>
    </div>
  );
}
