import { client } from '@/gen/client.gen';
import { readFailure } from './api-error';
import { sendRequest } from './send-request';

/** Provides the access tokens. Set by app/connect-session.ts. */
export interface TokenSource {
  /** Returns the access token; undefined if nobody is signed in. */
  getToken: () => Promise<string | undefined>;
  /** Returns a new access token in place of one that the server has refused. */
  renewToken: (refused: string) => Promise<string>;
}

let tokens: TokenSource = {
  getToken: async () => undefined,
  renewToken: async (refused) => refused,
};

export function setTokenSource(source: TokenSource): void {
  tokens = source;
}

/** Sends a request. If the access token is refused, renews it once and repeats the request. */
async function fetchFromApi(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const repeat = request.clone();
  let response = await sendRequest(request);
  if (response.status === 401 && request.headers.has('Authorization')) {
    repeat.headers.set('Authorization', `Bearer ${await tokens.renewToken(bearerToken(request))}`);
    response = await sendRequest(repeat);
  }
  if (!response.ok) throw await readFailure(response);
  return response;
}

function bearerToken(request: Request): string {
  return request.headers.get('Authorization')?.replace('Bearer ', '') ?? '';
}

client.setConfig({
  baseUrl: window.location.origin,
  // The refresh token is an HTTP-only cookie.
  headers: { 'X-Session': 'cookie' },
  auth: () => tokens.getToken(),
  fetch: fetchFromApi,
  throwOnError: true,
});

type Payload<T> = T extends { success: boolean; data: infer D } ? D : T;

/** Returns the `data` of the success envelope of a generated call. */
export async function unwrap<T>(call: Promise<{ data: T }>): Promise<Payload<NonNullable<T>>> {
  const { data: envelope } = await call;
  return (envelope as { data: Payload<NonNullable<T>> }).data;
}
