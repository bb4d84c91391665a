/**
 * Form values stored in this tab, to survive sign-in and reloads. They are health data: never put them in a
 * URL.
 */

const key = (name: string) => `draft:${name}`;

export function saveDraft(name: string, values: object): void {
  sessionStorage.setItem(key(name), JSON.stringify(values));
}

export function readDraft<T extends object>(name: string): Partial<T> {
  return JSON.parse(sessionStorage.getItem(key(name)) ?? '{}');
}

export function deleteDraft(name: string): void {
  sessionStorage.removeItem(key(name));
}

export function deleteAllDrafts(): void {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(key(''))) sessionStorage.removeItem(name);
  }
}
