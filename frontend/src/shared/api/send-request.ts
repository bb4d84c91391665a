import { ApiError } from './api-error';

const GIVE_UP_AFTER_MS = 30_000;

/** One HTTP exchange: any answer is returned, and only the lack of one is thrown. */
export async function sendRequest(request: Request): Promise<Response> {
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)]);
    return await globalThis.fetch(request, { signal });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw new ApiError(0, timedOut ? 'timeout' : 'offline', '');
  }
}
