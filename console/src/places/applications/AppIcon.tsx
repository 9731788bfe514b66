import { Avatar, theme } from 'antd';

import { initials, ownPicture } from './application';

/** An application's picture, if it is one of this server's, else its initials. */
export function AppIcon({ name, picture, size = 32 }: { name: string; picture: string | null; size?: number }) {
  const { token } = theme.useToken();
  const own = ownPicture(picture, window.location.origin);
  return <Avatar shape="square" size={size} className="applications-icon" aria-hidden {...(own ? { src: own, alt: '' } : { style: { background: token.colorFillSecondary, color: token.colorText } })}>{initials(name)}</Avatar>;
}
