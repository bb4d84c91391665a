import { useSyncExternalStore } from 'react';

/**
 * The selected doctors are stored on the device and not in the account, because several receptionists share a
 * computer and work with the same doctors. The stored data contains no patient data.
 */
const LAST = 'calendar-doctors';
const SETS = 'calendar-doctor-sets';

export const MAX_COLUMNS = 8;

interface DoctorSet {
  name: string;
  doctors: string[];
}

const listeners = new Set<() => void>();

export function lastDoctors(): string[] {
  return localStorage.getItem(LAST)?.split(',').filter(Boolean) ?? [];
}

export function rememberDoctors(doctors: string[]): void {
  localStorage.setItem(LAST, doctors.join(','));
}

function readSets(text: string | null): DoctorSet[] {
  try {
    const sets: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(sets) ? sets.filter(isSet) : [];
  } catch {
    return [];
  }
}

function isSet(value: unknown): value is DoctorSet {
  const set = value as DoctorSet | null;
  return typeof set?.name === 'string' && Array.isArray(set.doctors);
}

function writeSets(sets: DoctorSet[]): void {
  localStorage.setItem(SETS, JSON.stringify(sets));
  for (const listener of listeners) listener();
}

/** The saved sets by name, and functions that save (replacing one with the same name) and delete. */
export function useDoctorSets() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(SETS),
  );
  const sets = readSets(text);
  const without = (name: string) => sets.filter((set) => set.name !== name);
  return {
    sets,
    save: (set: DoctorSet) =>
      writeSets([...without(set.name), set].sort((a, b) => a.name.localeCompare(b.name))),
    remove: (name: string) => writeSets(without(name)),
  };
}
