// Dates, numbers and durations as the reader writes them.

import i18next from 'i18next';

const locale = () => (i18next.language === 'zh' ? 'zh-CN' : 'en-GB');

export const formatNumber = (n: number) => new Intl.NumberFormat(locale()).format(n);

export const formatTime = (time: string | Date) =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time));

export const formatDay = (time: string | Date) => new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric' }).format(new Date(time));

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1],
];

/** "3 minutes ago", "in 2 days". */
export function formatAgo(time: string | Date, now = Date.now()): string {
  const seconds = Math.round((new Date(time).getTime() - now) / 1000);
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return new Intl.NumberFormat(locale(), { style: 'unit', unit: units[power]!, unitDisplay: 'short', maximumFractionDigits: 1 }).format(bytes / 1000 ** power);
}
