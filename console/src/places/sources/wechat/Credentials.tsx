import { CheckCircleFilled } from '@ant-design/icons';
import { Alert, Button, Flex, Form, Input, theme } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { Go } from '../../../shell/Go';
import { type Source, useAll } from '../model';
import { pasted, shapeOfAppID, shapeOfSecret } from './credentials';

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
  /** What the server says about it. */
  faults?: readonly string[];
}

/** What is said below a field: the server's word, else what the shape tells. */
function useHint(area: 'appID' | 'secret', shape: string, faults: readonly string[] = []) {
  const { t } = useTranslation();
  if (faults.length > 0) return { validateStatus: 'error' as const, help: faults.join(' ') };
  const said = `${area}.${shape}`;
  if (shape === 'empty' || shape === 'ok') return { extra: t(`wechat.shape.${said}`) };
  return { validateStatus: shape === 'quoted' ? 'error' as const : 'warning' as const, help: t(`wechat.shape.${said}`) };
}

function Good({ good }: { good: boolean }) {
  const { token } = theme.useToken();
  return good ? <CheckCircleFilled style={{ color: token.colorSuccess }} aria-hidden /> : <span aria-hidden />;
}

interface AppIDFieldProps extends FieldProps {
  /** The collection of the kind, and the source itself where it is there already. */
  path: string;
  own?: string;
}

/** The AppID, judged as it is typed. Another source may have it too, for other flows or policies; mostly it is a slip. */
export function AppIDField({ value, onChange, faults, path, own }: AppIDFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const shape = shapeOfAppID(value);
  const { data: sources } = useAll<Source>(path);
  const twin = value === '' ? undefined : sources?.find(({ pk, consumer_key: theirs }) => pk !== own && theirs === value);
  return (
    <Form.Item label="AppID" htmlFor={id} required {...useHint('appID', shape, faults)}>
      <Input
        id={id}
        className="code"
        value={value}
        onChange={(e) => onChange(pasted(e.target.value))}
        placeholder="wx0123456789abcdef"
        autoComplete="off"
        spellCheck={false}
        suffix={<Good good={shape === 'ok'} />}
      />
      {twin && (
        <Alert
          type="warning"
          showIcon
          role="status"
          className="wechat-twin"
          title={t('wechat.shape.appID.taken', { name: twin.name })}
          description={<Go to={`sources/${twin.slug}`}>{t('wechat.shape.appID.twin')}</Go>}
        />
      )}
    </Form.Item>
  );
}

interface SecretFieldProps extends FieldProps {
  /** One is stored already, so that an empty field leaves it as it is. */
  stored?: boolean;
  /** Whether a stored one is to be replaced. */
  replacing?: boolean;
  onReplace?: (replacing: boolean) => void;
}

/** The AppSecret: once stored it is never shown again, only replaced. */
export function SecretField({ value, onChange, faults, stored, replacing, onReplace }: SecretFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const shape = shapeOfSecret(value);
  const hint = useHint('secret', shape, faults);
  if (stored && !replacing) {
    return (
      <Form.Item label="AppSecret" htmlFor={id} extra={t('wechat.secret.stored')}>
        <Flex gap="small">
          <Input id={id} value="••••••••••••••••" readOnly disabled />
          <Button onClick={() => onReplace?.(true)}>{t('wechat.secret.replace')}</Button>
        </Flex>
      </Form.Item>
    );
  }
  return (
    <Form.Item label="AppSecret" htmlFor={id} required {...hint}>
      <Flex gap="small">
        <Input.Password
          id={id}
          className="code"
          value={value}
          onChange={(e) => onChange(pasted(e.target.value))}
          autoComplete="new-password"
          spellCheck={false}
          prefix={<Good good={shape === 'ok'} />}
        />
        {stored && <Button onClick={() => onReplace?.(false)}>{t('wechat.secret.keep')}</Button>}
      </Flex>
    </Form.Item>
  );
}
