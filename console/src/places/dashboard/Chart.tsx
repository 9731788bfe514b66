// Sign-ins by day, a bar for each day with a part for each source. A table says the same to who cannot see it.

import { Flex, theme, Tooltip, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { formatDay, formatNumber } from '../../i18n/format';
import type { SignIns } from './types';

/** Colours that are told apart in both looks, and by people who see fewer. */
const colours = ['#07a35a', '#3b7ddd', '#c77700', '#8a63d2', '#0f9aa8', '#c2477f'];

/** The day as a time at noon, so that no zone moves it. */
const noon = (day: string) => `${day}T12:00:00`;

const height = 180;

export function Chart({ days, series }: Pick<SignIns, 'days' | 'series'>) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const totals = days.map((_, i) => series.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0));
  const most = Math.max(1, ...totals);
  const named = series.map(({ source, counts }, i) => ({ name: source?.name ?? t('dashboard.withoutSource'), counts, colour: colours[i % colours.length]! }));
  return (
    <figure className="chart" aria-label={t('dashboard.signIns')}>
      <div className="chart-bars" aria-hidden>
        {days.map((day, i) => (
          <Tooltip key={day} title={<DayTip day={day} rows={named.map(({ name, counts }) => ({ name, count: counts[i] ?? 0 }))} />}>
            <div className="chart-day">
              <svg width="100%" height={height} preserveAspectRatio="none" viewBox={`0 0 10 ${height}`}>
                <rect x="0" y={height - 1} width="10" height="1" fill={token.colorBorderSecondary} />
                {stack(named.map(({ counts, colour }) => ({ count: counts[i] ?? 0, colour })), most).map(({ y, size, colour }) => (
                  <rect key={`${colour} ${y}`} x="1" width="8" y={y} height={size} fill={colour} />
                ))}
              </svg>
              {(days.length <= 14 || i % 7 === 0) && <Typography.Text type="secondary" className="chart-label">{formatDay(noon(day))}</Typography.Text>}
            </div>
          </Tooltip>
        ))}
      </div>
      <Flex gap="middle" wrap component="figcaption">
        {named.map(({ name, colour, counts }) => (
          <Flex key={name} gap={6} align="center">
            <svg width="10" height="10" aria-hidden><rect width="10" height="10" rx="2" fill={colour} /></svg>
            {name} <Typography.Text type="secondary">{formatNumber(counts.reduce((a, b) => a + b, 0))}</Typography.Text>
          </Flex>
        ))}
        {named.length === 0 && <Typography.Text type="secondary">{t('dashboard.noSignIns')}</Typography.Text>}
      </Flex>
      <table className="off-screen">
        <caption>{t('dashboard.signIns')}</caption>
        <thead><tr><th scope="col">{t('dashboard.day')}</th>{named.map(({ name }) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
        <tbody>{days.map((day, i) => <tr key={day}><th scope="row">{formatDay(noon(day))}</th>{named.map(({ name, counts }) => <td key={name}>{counts[i]}</td>)}</tr>)}</tbody>
      </table>
    </figure>
  );
}

/** The parts of a bar from the bottom up. What is there at all is seen: at least two pixels. */
export function stack(parts: { count: number; colour: string }[], most: number): { y: number; size: number; colour: string }[] {
  let y = height;
  return parts.filter(({ count }) => count > 0).map(({ count, colour }) => {
    const size = Math.max(2, (count / most) * (height - 8));
    y -= size;
    return { y, size, colour };
  });
}

function DayTip({ day, rows }: { day: string; rows: { name: string; count: number }[] }) {
  return (
    <>
      <div>{formatDay(noon(day))}</div>
      {rows.map(({ name, count }) => <div key={name}>{name}: {formatNumber(count)}</div>)}
    </>
  );
}
