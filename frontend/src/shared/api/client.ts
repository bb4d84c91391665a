import { client } from '@/gen/client.gen';
import { accessToken, renewSession } from '@/shared/session/session';
import { readFailure } from './api-error';
import { send } from './send';

/** Sends a request; a refused access token is renewed once and the request repeated. */
async function fetchFromApi(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const repeat = request.clone();
  let response = await send(request);
  if (response.status === 401 && request.headers.has('Authorization')) {
    repeat.headers.set('Authorization', `Bearer ${await renewSession(bearer(request))}`);
    response = await send(repeat);
  }
  if (!response.ok) throw await readFailure(response);
  return response;
}

function bearer(request: Request): string {
  return request.headers.get('Authorization')?.replace('Bearer ', '') ?? '';
}

client.setConfig({
  baseUrl: window.location.origin,
  // The refresh token comes and goes as a cookie.
  headers: { 'X-Session': 'cookie' },
  auth: accessToken,
  fetch: fetchFromApi,
  throwOnError: true,
});

type Payload<T> = T extends { success: boolean; data: infer D } ? D : T;

/** Takes the data out of the success envelope of a generated call. */
export async function unwrap<T>(call: Promise<{ data: T }>): Promise<Payload<NonNullable<T>>> {
  const { data: envelope } = await call;
  return (envelope as { data: Payload<NonNullable<T>> }).data;
}
