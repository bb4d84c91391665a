import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import { RequirePatient } from '@/shared/session/require-patient';
import { errorText } from '@/shared/ui/error-text';
import { PageHeading } from '@/shared/ui/page-heading';
import { useDownloadMyData } from './get-my-data';

export function MyDataPage() {
  return <RequirePatient>{() => <MyData />}</RequirePatient>;
}

function MyData() {
  const { t } = useLingui();
  const download = useDownloadMyData();
  return (
    <div className="narrow">
      <PageHeading title={t`My data`} />
      <p>
        <Trans>
          You can view and download all the information we hold about you. This includes your details, the
          people you care for, your appointments, the emails we sent you and when you signed in.
        </Trans>
      </p>
      <div className="actions">
        <Link className="btn btn-primary" to="/profile/data/print">
          <Trans>View and print my data</Trans>
        </Link>
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-busy={download.isPending || undefined}
          onClick={() => download.mutate()}
        >
          <span aria-live="polite">
            {download.isPending ? <Trans>Downloading…</Trans> : <Trans>Download my data (JSON file)</Trans>}
          </span>
        </button>
        {download.isError && (
          <p role="alert" className="field-error w-100 mb-0">
            {errorText(download.error)}
          </p>
        )}
      </div>
      <h2 className="h5 mt-5">
        <Trans>Close your account</Trans>
      </h2>
      <p>
        <Trans>
          If you close your account, we cancel your upcoming appointments and delete your personal details.
        </Trans>
      </p>
      <Link className="btn btn-outline-danger" to="/profile/data/close">
        <Trans>Close my account</Trans>
      </Link>
      <p className="mt-4 mb-0">
        <Link to="/profile">
          <Trans>Back to my details</Trans>
        </Link>
      </p>
    </div>
  );
}
