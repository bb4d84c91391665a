import { t } from '@lingui/core/macro';
import { isApiError } from '@/shared/api/api-error';

/** The message for an error: the server's, if there is one. */
export function errorText(error: unknown): string {
  if (!isApiError(error)) return t`Something went wrong on this page. Please try again.`;
  if (error.code === 'offline') {
    return navigator.onLine
      ? t`We could not reach the clinic’s booking system. Please try again in a moment.`
      : t`You are offline. Check your connection, then try again.`;
  }
  if (error.code === 'timeout') return t`The clinic’s booking system is taking too long. Please try again.`;
  if (error.code === 'session_over') return t`You have been signed out. Sign in again to go on.`;
  if (error.status >= 500 && error.code === 'unexpected') {
    return t`The clinic’s booking system has a problem. Please try again in a moment.`;
  }
  return error.message || t`That did not work. Please try again.`;
}

/** The heading for an error. */
export function errorTitle(error: unknown): string {
  if (!isApiError(error)) return t`Something went wrong`;
  if (error.code === 'offline')
    return navigator.onLine ? t`We could not reach the clinic` : t`You are offline`;
  if (error.code === 'clinic_suspended') return t`This clinic is not taking bookings now`;
  if (error.code === 'invitation_over') return t`This invitation is over`;
  switch (error.status) {
    case 401:
      return t`Please sign in again`;
    case 403:
      return t`This page is not open to you`;
    case 404:
      return t`We could not find that`;
    case 429:
      return t`Too many tries`;
    default:
      return t`Something went wrong`;
  }
}
