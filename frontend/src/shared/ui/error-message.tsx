import { Trans } from '@lingui/react/macro';
import { isApiError } from '@/shared/api/api-error';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { errorText, errorTitle } from './error-text';
import { PageHeading } from './page-heading';

interface ErrorMessageProps {
  error: unknown;
  retry?: () => void;
}

/** Part of a page that could not be loaded. */
export function ErrorMessage({ error, retry }: ErrorMessageProps) {
  return (
    <div role="alert" className="notice notice-danger">
      <p>{errorText(error)}</p>
      {retry && canRetry(error) && (
        <button type="button" className="btn btn-outline-primary mb-3" onClick={() => retry()}>
          <Trans>Try again</Trans>
        </button>
      )}
      <CallTheClinic />
    </div>
  );
}

/** Other errors, such as a missing page, stay the same. */
const canRetry = (error: unknown) => !isApiError(error) || error.isRetryable || error.status === 429;

/** A whole page that could not be loaded. */
export function ErrorPage({ error, retry }: ErrorMessageProps) {
  return (
    <div className="narrow">
      <PageHeading title={errorTitle(error)} />
      <ErrorMessage error={error} retry={retry} />
    </div>
  );
}
