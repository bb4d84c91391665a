import { isApiError } from '@/shared/api/api-error';

/** The server's response to a correct password when the account also needs a code. */
export interface RequiredSecondFactor {
  challenge: string;
  /** False when the user must set up an authenticator app first. */
  is_set_up: boolean;
}

export function requiredSecondFactor(error: unknown): RequiredSecondFactor | null {
  return isApiError(error, 'second_factor_required') ? (error.data as RequiredSecondFactor) : null;
}
