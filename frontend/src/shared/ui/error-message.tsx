import { Trans } from '@lingui/react/macro';
import { CallTheClinic } from '@/shared/clinic/clinic-phone';
import { explain, explainShortly } from './error-text';
import { PageHeading } from './page-heading';

interface ProblemProps {
  error: unknown;
  retry?: () => void;
}

/** Part of a page that could not be loaded. */
export function Problem({ error, retry }: ProblemProps) {
  return (
    <div role="alert" className="notice notice-danger">
      <p>{explain(error)}</p>
      {retry && (
        <button type="button" className="btn btn-outline-primary mb-3" onClick={() => retry()}>
          <Trans>Try again</Trans>
        </button>
      )}
      <CallTheClinic />
    </div>
  );
}

/** A whole page that could not be loaded. */
export function ProblemPage({ error, retry }: ProblemProps) {
  return (
    <div className="narrow">
      <PageHeading title={explainShortly(error)} />
      <Problem error={error} retry={retry} />
    </div>
  );
}
