import { Avatar, Flex, Typography } from 'antd';

import { Go } from '../../shell/Go';
import './directory.css';

/** One or two letters that stand for a name: "张三" gives 三, "Ada Lovelace" AL. Pictures are at other hosts, which the console never asks. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s._-]+/u).filter(Boolean);
  const [first = '?'] = words;
  if (/\p{Script=Han}/u.test(first)) return [...first].at(-1) ?? '?';
  const letters = words.length > 1 ? [first, words.at(-1) ?? ''] : [first];
  return letters.map((word) => [...word][0] ?? '').join('').toUpperCase();
}

/** A colour of its own for everybody, of eight that white letters can be read on. */
const hue = (seed: number) => `person-hue-${Math.abs(seed) % 8}`;

interface FaceProps {
  pk: number;
  name: string;
  size?: number;
}

/** A person's initials on a colour of their own. */
export function Face({ pk, name, size = 32 }: FaceProps) {
  return <Avatar size={size} className={`person-face ${hue(pk)}`} aria-hidden>{initials(name)}</Avatar>;
}

interface PersonProps {
  user: { pk: number; username: string; name?: string };
  /** Leads to the person's page. */
  link?: boolean;
}

/** A person in a row: initials, name, username. */
export function Person({ user, link }: PersonProps) {
  const name = user.name || user.username;
  return (
    <Flex gap="small" align="center">
      <Face pk={user.pk} name={name} />
      <span className="person-names">
        {link ? <Go to={`users/${user.pk}`}>{name}</Go> : <span>{name}</span>}
        {name !== user.username && <Typography.Text type="secondary" className="person-username">{user.username}</Typography.Text>}
      </span>
    </Flex>
  );
}
