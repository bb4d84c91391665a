import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { ReadableData } from '@/gen';
import { useClinic } from '@/shared/clinic/clinic-context';
import { RequirePatient } from '@/shared/session/require-patient';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { myDataQuery } from './get-my-data';

export function PrintMyDataPage() {
  return <RequirePatient>{() => <LoadData />}</RequirePatient>;
}

function LoadData() {
  const { t } = useLingui();
  return (
    <QueryView page query={useQuery(myDataQuery())} loading={t`Loading your data…`}>
      {(data) => <Printable data={data} />}
    </QueryView>
  );
}

/** The data as the server describes it in words, so that this page and the one without JavaScript are the same. */
function Printable({ data }: { data: ReadableData }) {
  const clinic = useClinic();
  return (
    <div className="narrow my-data">
      <PageHeading title={data.title} />
      <p>
        <Trans>
          This is the information we hold about you on {data.written_at}. All times are {clinic.tz_label}. The
          download also includes technical details, such as IDs.
        </Trans>
      </p>
      <div className="actions d-print-none">
        <button type="button" className="btn btn-primary" onClick={() => window.print()}>
          <Trans>Print or save as PDF</Trans>
        </button>
        <Link className="btn btn-link" to="/profile/data">
          <Trans>Back</Trans>
        </Link>
      </div>
      {data.sections.map((section) => (
        <section key={section.title} className="my-data-section">
          <h2 className="h5">{section.title}</h2>
          <Entries entries={section.entries} />
        </section>
      ))}
    </div>
  );
}

function Entries({ entries }: Pick<ReadableData['sections'][number], 'entries'>) {
  if (entries.length === 0) {
    return (
      <p>
        <Trans>No entries</Trans>
      </p>
    );
  }
  return entries.map(({ rows }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
    <dl key={index} className="my-data-rows">
      {rows.map(({ label, values }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {values.map((value, position) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
              <span key={position} className="d-block">
                {value}
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  ));
}
