import { ApiError } from './api-error';

const TIMEOUT_MS = 30_000;

/**
 * Sends a request. Returns any response, even an error.
 *
 * @throws ApiError `timeout` or `offline` if there is none
 */
export async function sendRequest(request: Request): Promise<Response> {
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return await globalThis.fetch(request, { signal });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw new ApiError(0, timedOut ? 'timeout' : 'offline', '');
  }
}
