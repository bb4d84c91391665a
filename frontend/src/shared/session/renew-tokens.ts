import { readFailure } from '@/shared/api/api-error';
import { send } from '@/shared/api/send';

export interface Tokens {
  access: string;
  refresh: string;
}

/**
 * Not through the generated client, whose requests wait for this one.
 *
 * @returns null when the server no longer accepts the token
 */
export async function renewTokens(refresh: string): Promise<Tokens | null> {
  const url = new URL('/api/auth/refresh/', window.location.origin);
  const headers = { 'Content-Type': 'application/json' };
  const response = await send(
    new Request(url, { method: 'POST', headers, body: JSON.stringify({ refresh }) }),
  );
  if (response.status === 400 || response.status === 401) return null;
  if (!response.ok) throw await readFailure(response);
  return (await response.json()).data;
}
