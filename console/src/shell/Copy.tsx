import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button, Input, Space, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Puts text onto the clipboard. Browsers give the clipboard to https and localhost only; an installation that is tried over http has the old way. */
async function toClipboard(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'off-screen';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

interface CopyProps {
  text: string;
  /** What is copied, for screen readers. */
  label?: string;
  /** Words beside the icon. */
  children?: string;
}

/** A button that copies a text. */
export function Copy({ text, label, children }: CopyProps) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  const name = label ? t('shell.copyNamed', { name: label }) : t('shell.copy');
  return (
    <Tooltip title={done ? t('shell.copied') : t('shell.copy')}>
      <Button
        icon={done ? <CheckOutlined /> : <CopyOutlined />}
        {...(!children && { 'aria-label': name })}
        onClick={() => void toClipboard(text).then(() => setDone(true))}
      >
        {children}
      </Button>
    </Tooltip>
  );
}

/** A value to be copied as it stands: it can be read, selected and copied. */
export function CopyField({ value, label }: { value: string; label: string }) {
  return (
    <Space.Compact block>
      <Input readOnly value={value} aria-label={label} className="code" onFocus={(e) => e.target.select()} />
      <Copy text={value} label={label} />
    </Space.Compact>
  );
}
