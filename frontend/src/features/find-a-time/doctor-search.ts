import { pageNumber } from '@/shared/ui/pager';
import type { DoctorSearch } from './list-doctors';

/** Reads the search from the URL. */
export function readSearch(params: URLSearchParams): DoctorSearch {
  const weekday = params.get('weekday');
  return {
    search: params.get('search') || undefined,
    specialty: params.get('specialty') || undefined,
    weekday: weekday && /^[0-6]$/.test(weekday) ? Number(weekday) : undefined,
    page: pageNumber(params),
  };
}

/** Returns the form as a query string, without empty fields and the page number. */
export function searchAddress(form: FormData): string {
  const params = new URLSearchParams();
  for (const [name, value] of form) {
    if (typeof value === 'string' && value.trim()) params.set(name, value.trim());
  }
  return `?${params}`;
}

export const isFiltered = ({ search, specialty, weekday }: DoctorSearch) =>
  Boolean(search || specialty || weekday !== undefined);
