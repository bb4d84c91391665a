import { currentLocale } from '@/shared/locale/locale';

const A_MONDAY = Date.UTC(2024, 0, 1);

/** The weekdays as the API numbers them (0 is Monday), in the order of the locale: the US week starts on Sunday. */
export function weekdays(): { number: number; name: string }[] {
  const order = currentLocale().includes('-US') ? [6, 0, 1, 2, 3, 4, 5] : [0, 1, 2, 3, 4, 5, 6];
  return order.map((number) => ({ number, name: weekdayName(number) }));
}

/** @param number 0 is Monday */
export function weekdayName(number: number): string {
  const format = new Intl.DateTimeFormat(currentLocale(), { weekday: 'long', timeZone: 'UTC' });
  return format.format(A_MONDAY + number * 86_400_000);
}
