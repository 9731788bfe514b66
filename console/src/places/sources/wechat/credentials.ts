// AppID and AppSecret judged as they are typed. WeChat promises no shape, so that nothing here refuses: it says what an odd one probably is.

/** What a value looks like. `ok` is the usual shape. */
export type AppIDShape = 'empty' | 'ok' | 'quoted' | 'secret' | 'wecom' | 'original' | 'capitals' | 'short' | 'long' | 'odd';
export type SecretShape = 'empty' | 'ok' | 'quoted' | 'appID' | 'capitals' | 'short' | 'long' | 'odd' | 'stars';

const quotes = /["'`“”‘’「」]/;

/** What was pasted without the blanks and line ends that come along. */
export const pasted = (text: string) => text.replace(/[\s\u200b\ufeff]+/g, '');

/** The usual AppID is "wx" and 16 hexadecimal digits. */
export function shapeOfAppID(value: string): AppIDShape {
  if (value === '') return 'empty';
  if (quotes.test(value)) return 'quoted';
  if (/^wx[0-9a-f]{16}$/.test(value)) return 'ok';
  if (/^[0-9a-f]{32}$/i.test(value)) return 'secret';
  if (/^ww[0-9a-z]+$/i.test(value)) return 'wecom';
  if (/^gh_/i.test(value)) return 'original';
  if (/^wx[0-9a-f]{16}$/i.test(value)) return 'capitals';
  if (!/^wx?[0-9a-f]*$/i.test(value)) return 'odd';
  return value.length < 18 ? 'short' : 'long';
}

/** The usual AppSecret is 32 hexadecimal digits. */
export function shapeOfSecret(value: string): SecretShape {
  if (value === '') return 'empty';
  if (quotes.test(value)) return 'quoted';
  if (/^[0-9a-f]{32}$/.test(value)) return 'ok';
  if (/^wx[0-9a-f]{16}$/i.test(value)) return 'appID';
  if (/[*•]/.test(value)) return 'stars';
  if (/^[0-9a-f]{32}$/i.test(value)) return 'capitals';
  if (!/^[0-9a-f]*$/i.test(value)) return 'odd';
  return value.length < 32 ? 'short' : 'long';
}

/** Whether Weimen would refuse to store it. */
export const unusable = (shape: AppIDShape | SecretShape) => shape === 'empty' || shape === 'quoted';
