/** Replaces the generated client's code for event streams (`vite.config.ts`): the API has none. */
export function createSseClient(): never {
  throw new Error('The API has no event streams.');
}
