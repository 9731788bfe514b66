import './brand.css';

import { Button, ColorPicker, Flex, Form as Layout, Input, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Draft } from '../../../form/draft';
import type { Theme } from './theme';
import { colourOf, house, looks, presets, themeOf, withTheme } from './theme';

/** The colours of a brand. They are a part of its attributes, so the preview follows, and they are saved with them. */
export function ThemeFields({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const id = useId();
  const { attributes } = draft.values;
  const theme = themeOf(attributes);
  const unread = typeof attributes === 'string'; // somebody is writing at the attributes themselves
  const change = (part: Partial<Theme>) => {
    draft.set('attributes', withTheme(attributes, { ...theme, ...part }));
    draft.touch('attributes');
  };
  return (
    <>
      <Colour colour={theme.colour} disabled={unread} onChange={(colour) => change({ colour })} />
      <Layout.Item className="form-field" label={<span id={id}>{t('system.brand.look')}</span>} extra={<div className="form-help">{t('system.brand.lookHelp')}</div>}>
        <Radio.Group
          aria-labelledby={id} optionType="button" disabled={unread} value={theme.base} onChange={(e) => change({ base: e.target.value as Theme['base'] })}
          options={looks.map((look) => ({ value: look, label: t(`system.brand.looks.${look}`) }))}
        />
      </Layout.Item>
    </>
  );
}

interface ColourProps {
  colour: string | undefined;
  disabled: boolean;
  onChange: (colour: string | undefined) => void;
}

/** A colour to be picked or typed. What is typed counts once it is a colour. */
function Colour({ colour, disabled, onChange }: ColourProps) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const wrong = typed !== undefined && typed !== '' && colourOf(typed) === undefined;
  const choose = (next: string | undefined) => onChange(next === house ? undefined : next);
  const type = (next: string) => {
    setTyped(next);
    if (next === '' || colourOf(next) !== undefined) choose(next === '' ? undefined : colourOf(next));
  };
  return (
    <Layout.Item
      className="form-field" label={t('system.brand.colour')} htmlFor={id} extra={<div id={`${id}-help`} className="form-help">{t('system.brand.colourHelp')}</div>}
      {...(wrong && { validateStatus: 'error' as const, help: <div id={`${id}-fault`} role="alert">{t('system.brand.colourWrong')}</div> })}
    >
      <Flex gap="small" wrap>
        <ColorPicker
          value={colour ?? house} disabledAlpha disabledFormat format="hex" disabled={disabled} onChange={(next) => choose(next.toHexString().slice(0, 7))}
          presets={[{ key: 'presets', label: t('system.brand.presets'), colors: presets }]}
        >
          <Button disabled={disabled} aria-label={t('system.brand.colourPick')} icon={<Swatch colour={colour ?? house} />} />
        </ColorPicker>
        <Input
          id={id} className="code brand-colour" value={typed ?? colour ?? ''} placeholder={house} disabled={disabled} maxLength={9} spellCheck={false} autoCapitalize="off"
          aria-describedby={`${id}-help ${id}-fault`} aria-invalid={wrong} onChange={(e) => type(e.target.value)} onBlur={() => setTyped(undefined)}
        />
        <Button disabled={disabled || colour === undefined} onClick={() => onChange(undefined)}>{t('system.brand.colourNone')}</Button>
      </Flex>
    </Layout.Item>
  );
}

const Swatch = ({ colour }: { colour: string }) => (
  <svg className="brand-swatch" viewBox="0 0 16 16" aria-hidden="true"><rect width="16" height="16" rx="4" fill={colour} /></svg>
);
