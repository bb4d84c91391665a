/** The names of the weekdays. Monday is first, as in the API. */
export function weekdayNames(): string[] {
  const format = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' });
  const aMonday = Date.UTC(2024, 0, 1);
  return Array.from({ length: 7 }, (_, day) => format.format(aMonday + day * 86_400_000));
}
