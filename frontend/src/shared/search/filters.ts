import { t } from '@lingui/core/macro';
import type { SearchOptions } from '@/gen';
import { clockTime } from '@/shared/times/format';
import { weekdays } from '@/shared/times/weekdays';
import { languageNames } from '@/shared/ui/labels';

/** The filters for times of one doctor. */
export const TIME_FILTERS = ['weekday', 'part_of_day', 'after', 'place'] as const;
export const ANY_DOCTOR_FILTERS = [...TIME_FILTERS, 'language', 'sex'] as const;
export const DOCTOR_FILTERS = ['specialty', 'weekday', 'part_of_day', 'place', 'language', 'sex'] as const;

export type FilterName = (typeof ANY_DOCTOR_FILTERS)[number] | 'specialty';
/** The values of the filters in use, by name. */
export type Filters = Partial<Record<FilterName, string>>;

export interface FilterField {
  name: FilterName;
  label: string;
  anyLabel: string;
  options: [value: string, text: string][];
  /** The chosen value; empty for any. */
  value: string;
}

/** The hours after which times can be searched. */
const HOURS = Array.from({ length: 14 }, (_, number) => `${String(number + 7).padStart(2, '0')}:00`);

interface FilterSource {
  options: SearchOptions;
  specialties?: { code: string; name: string }[];
}

/** The fields of the filters, with the values in the URL. A filter with fewer than two choices has none. */
export function filterFields(
  names: readonly FilterName[],
  params: URLSearchParams,
  source: FilterSource,
): FilterField[] {
  return names.flatMap((name) => {
    const field = fieldOf(name, source);
    const requested = params.get(name) ?? '';
    const value = field.options.some(([option]) => option === requested) ? requested : '';
    return field.options.length > 1 || value ? [{ name, ...field, value }] : [];
  });
}

export function filtersOf(fields: FilterField[]): Filters {
  return Object.fromEntries(fields.flatMap(({ name, value }) => (value ? [[name, value]] : [])));
}

/** The filters in use that have one of these names. */
export const only = (names: readonly FilterName[], filters: Filters): Filters =>
  Object.fromEntries(Object.entries(filters).filter(([name]) => names.includes(name as FilterName)));

function fieldOf(
  name: FilterName,
  { options, specialties = [] }: FilterSource,
): Pick<FilterField, 'label' | 'anyLabel' | 'options'> {
  switch (name) {
    case 'specialty':
      return {
        label: t`Specialty`,
        anyLabel: t`Any`,
        options: specialties.map((one) => [one.code, one.name]),
      };
    case 'weekday':
      return {
        label: t`Day of the week`,
        anyLabel: t`Any day`,
        options: weekdays().map(({ number, name }) => [String(number), name]),
      };
    case 'part_of_day':
      return {
        label: t`Time of day`,
        anyLabel: t`Any time of day`,
        options: [
          ['morning', t`Morning, before 12:00 pm`],
          ['afternoon', t`Afternoon, 12:00 pm to 5:00 pm`],
          ['evening', t`Evening, from 5:00 pm`],
        ],
      };
    case 'after':
      return {
        label: t`Not before`,
        anyLabel: t`Any time`,
        options: HOURS.map((hour) => [hour, clockTime(hour)]),
      };
    case 'place':
      return {
        label: t`Place`,
        anyLabel: t`Any place`,
        options: options.places.map((place) => [place.id, place.name]),
      };
    case 'language':
      return {
        label: t`Language`,
        anyLabel: t`Any language`,
        options: options.languages.map((tag) => [tag, languageNames([tag])]),
      };
    case 'sex':
      return {
        label: t`Sex of the doctor`,
        anyLabel: t`Any`,
        options: options.sexes.map((sex) => [sex, sex === 'female' ? t`Female` : t`Male`]),
      };
  }
}

/** Returns a form as a query string, without empty fields, after the parameters that it preserves. */
export function formQuery(form: FormData, preserved?: URLSearchParams): string {
  const params = new URLSearchParams(preserved);
  for (const [name, value] of form) {
    if (typeof value === 'string' && value.trim()) params.set(name, value.trim());
  }
  return `?${params}`;
}
