import { currentLocale } from '@/shared/locale/locale';

/** "30 November – 6 December 2026"; in the US "November 30 – December 6, 2026" */
export function dateRange(first: string, last: string): string {
  const format = new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'long', timeZone: 'UTC' });
  return format.formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`));
}
