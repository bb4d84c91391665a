import { QueryClient } from '@tanstack/react-query';
import { isApiError } from '@/shared/api/api-error';

const MAX_RETRIES = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Offline, a request fails at once and shows an error, instead of waiting for a connection.
        networkMode: 'always',
        retry: (failures, error) => isApiError(error) && error.isRetryable && failures < MAX_RETRIES,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
