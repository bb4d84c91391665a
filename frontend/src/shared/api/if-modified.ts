import { isApiError } from './api-error';

interface Result<T> {
  data: { data: T };
  response: Response;
}

/**
 * Sends a GET request for a response that the caller may have already.
 *
 * @param etag the ETag of the caller's response
 * @returns the data with its ETag; null if the server answers 304 because nothing has changed
 */
export async function fetchIfModified<T>(
  etag: string | null | undefined,
  send: (headers: Record<string, string>) => Promise<Result<T>>,
): Promise<{ data: T; etag: string | null } | null> {
  try {
    const { data, response } = await send(etag ? { 'If-None-Match': etag } : {});
    return { data: data.data, etag: response.headers.get('ETag') };
  } catch (error) {
    if (etag && isApiError(error) && error.status === 304) return null;
    throw error;
  }
}
