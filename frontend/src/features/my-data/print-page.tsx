import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { MyData } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { RequirePatient } from '@/shared/session/require-patient';
import { endTime, fullDateTime } from '@/shared/times/format';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { DataRows, NoEntries } from './data-rows';
import { myDataQuery } from './get-my-data';
import { describeIn } from './value-text';

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

function Printable({ data }: { data: MyData }) {
  const { t } = useLingui();
  const clinic = useClinic();
  const describe = describeIn(clinic.time_zone);
  return (
    <div className="narrow my-data">
      <PageHeading title={t`Your data at ${data.clinic}`} />
      <p>
        <Trans>
          This is the information we hold about you on {describe('exported_at', data.exported_at)}. All times
          are {clinic.tz_label}. The download also includes technical details, such as IDs.
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
      {useSections(data).map(([title, items]) => (
        <section key={title} className="my-data-section">
          <h2 className="h5">{title}</h2>
          {items.length === 0 && <NoEntries />}
          {items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
            <DataRows key={index} data={item} describe={describe} />
          ))}
        </section>
      ))}
    </div>
  );
}

function useSections(data: MyData): [title: string, items: object[]][] {
  const { t } = useLingui();
  const patientName = (id: string) => data.dependants.find((person) => person.id === id)?.name ?? t`Me`;
  const bookings = data.bookings.map((booking) => ({
    when: t`${fullDateTime(booking)} to ${endTime(booking)}, ${booking.tz_label}`,
    ...booking,
  }));
  const waitingFor = data.waiting_for.map((entry) => ({
    ...entry,
    patient: patientName(entry.patient),
    // All seven days mean any day.
    weekdays: entry.weekdays.length < 7 ? entry.weekdays : [],
  }));
  const log = data.log.map(({ address, ...entry }) => ({ ...entry, ip_address: address }));
  // First and last name are shown instead.
  const dependants = data.dependants.map(({ name: _, ...person }) => person);
  return [
    [t`Account`, [data.account]],
    [t`Your details`, data.profile ? [data.profile] : []],
    [t`People you care for`, dependants],
    [t`Appointments`, bookings],
    [t`Waiting list`, waitingFor],
    [t`Emails we sent you`, data.messages],
    [t`Messages you chose`, data.message_preferences],
    [t`Emails that were returned`, data.email_reports],
    [t`Calendar links`, data.calendar_feeds],
    [t`Sign-ins`, data.sessions],
    [t`Password resets`, data.password_resets],
    [t`Email address confirmations`, data.email_verifications],
    [t`Sign-in codes`, data.email_codes],
    [t`Email address changes`, data.email_changes],
    [t`Activity`, log],
  ];
}
