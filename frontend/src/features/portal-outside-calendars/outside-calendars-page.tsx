import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Labelled } from '@/shared/forms/labelled';
import { doctorNamesQuery } from '@/shared/staff/doctor-names';
import { useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { AddCalendar } from './add-calendar';
import { CalendarList } from './calendar-list';
import { Collisions } from './collisions';
import { outsideCalendarsQuery } from './outside-calendars';

/** The calendars outside the clinic that block a doctor's time: their state, adding and removing them. */
export function OutsideCalendarsPage() {
  const { t } = useLingui();
  const { role } = useStaff();
  const [search, setSearch] = useSearchParams();
  const doctor = search.get('doctor') ?? undefined;
  return (
    <div className="portal-narrow outside-calendars">
      <PageHeading title={t`Outside calendars`} />
      <p>
        {role === 'doctor' ? (
          <Trans>
            Patients cannot book times when you are busy in another calendar. We store only the busy times,
            never the names of the events.
          </Trans>
        ) : (
          <Trans>
            Patients cannot book times when the doctor is busy in another calendar. We store only the busy
            times, never the names of the events.
          </Trans>
        )}
      </p>
      {role === 'receptionist' && (
        <p className="notice">
          <Trans>Doctors and clinic admins manage outside calendars. Ask one of them.</Trans>
        </p>
      )}
      {role === 'admin' && (
        <DoctorSelect value={doctor ?? ''} onChange={(id) => setSearch(id ? { doctor: id } : {})} />
      )}
      {(role === 'doctor' || (role === 'admin' && doctor)) && <Calendars key={doctor} doctor={doctor} />}
    </div>
  );
}

function DoctorSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useLingui();
  return (
    <QueryView query={useQuery(doctorNamesQuery())} loading={t`Loading the doctors…`}>
      {(doctors) => (
        <Labelled id="doctor" label={t`Doctor`}>
          <select
            id="doctor"
            className="form-select"
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          >
            <option value="">{t`Choose a doctor`}</option>
            {doctors.map(({ id, display_name }) => (
              <option key={id} value={id}>
                {display_name}
              </option>
            ))}
          </select>
        </Labelled>
      )}
    </QueryView>
  );
}

function Calendars({ doctor }: { doctor?: string }) {
  const { t } = useLingui();
  return (
    <QueryView query={useQuery(outsideCalendarsQuery(doctor))} loading={t`Loading the calendars…`}>
      {(data) => (
        <>
          <Collisions collisions={data.collisions} />
          <section aria-labelledby="calendars">
            <h2 id="calendars" className="h5">
              <Trans>Connected calendars</Trans>
            </h2>
            <CalendarList calendars={data.calendars} doctor={doctor} minutes={data.refresh_minutes} />
          </section>
          {data.calendars.length < data.max_calendars ||
          data.calendars.some(({ problem }) => problem === 'enter_again') ? (
            <AddCalendar doctor={doctor} />
          ) : (
            <p className="notice">
              <Trans>You have reached the limit of {data.max_calendars} calendars. Remove one first.</Trans>
            </p>
          )}
        </>
      )}
    </QueryView>
  );
}
