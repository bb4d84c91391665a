/** What somebody typed, kept in this tab through a sign-in or a reload. Health data: never in an address. */

const key = (name: string) => `draft:${name}`;

export function keepDraft(name: string, values: object): void {
  sessionStorage.setItem(key(name), JSON.stringify(values));
}

export function readDraft<T extends object>(name: string): Partial<T> {
  return JSON.parse(sessionStorage.getItem(key(name)) ?? '{}');
}

export function dropDraft(name: string): void {
  sessionStorage.removeItem(key(name));
}

export function dropAllDrafts(): void {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(key(''))) sessionStorage.removeItem(name);
  }
}
