import { QueryClient } from '@tanstack/react-query';
import { isApiError } from '@/shared/api/api-error';

const READ_TRIES = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Without a connection a request fails and says so, instead of waiting in silence.
        networkMode: 'always',
        retry: (failures, error) => isApiError(error) && error.unanswered && failures < READ_TRIES,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
