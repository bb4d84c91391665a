import { plural } from '@lingui/core/macro';
import { currentLocale } from '@/shared/locale/locale';

/** "English, Polish" from language codes */
export function languageNames(codes: string[]): string {
  const names = new Intl.DisplayNames(currentLocale(), { type: 'language' });
  return codes.map((code) => names.of(code) ?? code).join(', ');
}

/** "24 hours", "2 days", "45 minutes" */
export function duration(minutes: number): string {
  if (minutes % 1440 === 0 && minutes > 1440)
    return plural(minutes / 1440, { one: '# day', other: '# days' });
  if (minutes % 60 === 0) return plural(minutes / 60, { one: '# hour', other: '# hours' });
  return plural(minutes, { one: '# minute', other: '# minutes' });
}

export function specialtyNames(specialties: { name: string }[]): string {
  return specialties.map(({ name }) => name).join(', ');
}
