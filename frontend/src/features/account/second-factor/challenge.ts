import { isApiError } from '@/shared/api/api-error';

/** What a right password is answered with where it is not enough. */
export interface Demand {
  challenge: string;
  /** Whether they have an app; else they set one up before anything opens. */
  is_set_up: boolean;
}

export function demandOf(error: unknown): Demand | null {
  return isApiError(error, 'second_factor_required') ? (error.data as Demand) : null;
}
