import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { MyData } from '@/shared/api/types';
import { RequirePatient } from '@/shared/session/require-patient';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { DataRows, inUtc } from './data-rows';
import { myDataQuery } from './get-my-data';

export function PrintMyDataPage() {
  return <RequirePatient>{() => <Fetched />}</RequirePatient>;
}

function Fetched() {
  const { t } = useLingui();
  return (
    <QueryView page query={useQuery(myDataQuery())} loading={t`Gathering your data…`}>
      {(data) => <Printable data={data} />}
    </QueryView>
  );
}

function Printable({ data }: { data: MyData }) {
  const { t } = useLingui();
  const sections: [string, object[]][] = [
    [t`Account`, [data.account]],
    [t`Your record`, data.profile ? [data.profile] : []],
    [t`People you care for`, data.dependants],
    [t`Appointments`, data.bookings],
    [t`E-mails`, data.messages],
    [t`Sessions`, data.sessions],
    [t`Requests for a new password`, data.password_resets],
    [t`Requests to confirm an address`, data.email_verifications],
    [t`What was done`, data.log],
  ];
  return (
    <div className="narrow my-data">
      <PageHeading title={t`What ${data.clinic} holds about you`} />
      <p>
        <Trans>
          As of {inUtc(data.exported_at)}. The file that you can download instead has the ids too.
        </Trans>
      </p>
      <div className="actions d-print-none">
        <button type="button" className="btn btn-primary" onClick={() => window.print()}>
          <Trans>Print, or save as PDF</Trans>
        </button>
        <Link className="btn btn-link" to="/profile/data">
          <Trans>Back</Trans>
        </Link>
      </div>
      {sections.map(([title, items]) => (
        <section key={title} className="my-data-section">
          <h2 className="h5">{title}</h2>
          {items.length === 0 && (
            <p>
              <Trans>Nothing.</Trans>
            </p>
          )}
          {items.map((item, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <DataRows key={place} of={item} />
          ))}
        </section>
      ))}
    </div>
  );
}
