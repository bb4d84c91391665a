import { t } from '@lingui/core/macro';
import { isApiError } from '@/shared/api/api-error';

/** The message for an error: the server's, if there is one. */
export function errorText(error: unknown): string {
  if (!isApiError(error)) return t`Something went wrong on this page. Try again.`;
  if (error.code === 'offline') {
    return navigator.onLine
      ? t`We could not connect to the booking system. Try again in a few minutes.`
      : t`You are offline. Check your connection, then try again.`;
  }
  if (error.code === 'timeout') return t`The booking system is taking too long to respond. Try again.`;
  if (error.code === 'session_over') return t`You have been signed out. Sign in again to continue.`;
  if (error.status >= 500 && error.code === 'unexpected') {
    return t`There is a problem with the booking system. Try again in a few minutes.`;
  }
  return error.message || t`Something went wrong. Try again.`;
}

/** The server's messages about single fields; without any, the message for the error. */
export function errorDetails(error: unknown): string {
  const messages = isApiError(error) ? Object.values(error.errors).flat() : [];
  return messages.join(' ') || errorText(error);
}

/** The heading for an error. */
export function errorTitle(error: unknown): string {
  if (!isApiError(error)) return t`Something went wrong`;
  if (error.code === 'offline')
    return navigator.onLine ? t`We could not connect to the clinic` : t`You are offline`;
  if (error.code === 'clinic_suspended') return t`This clinic is not taking bookings at the moment`;
  if (error.code === 'invitation_over') return t`This invitation has expired`;
  switch (error.status) {
    case 401:
      return t`Sign in again`;
    case 403:
      return t`You do not have access to this page`;
    case 404:
      return t`We could not find this page`;
    case 429:
      return t`Too many attempts`;
    default:
      return t`Something went wrong`;
  }
}
