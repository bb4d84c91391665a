import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Labelled } from '@/shared/forms/labelled';
import { useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { allDoctorsQuery } from './bookable';
import { BookableCard } from './bookable-form';

/** What can be booked with a doctor whom a clinic admin chooses. Doctors have the same on their profile. */
export function BookablePage() {
  const { t } = useLingui();
  const { role } = useStaff();
  const [search, setSearch] = useSearchParams();
  const doctor = search.get('doctor') ?? '';
  return (
    <div className="portal-narrow">
      <PageHeading title={t`What can be booked`} />
      {role === 'receptionist' && (
        <p className="notice">
          <Trans>Doctors and clinic admins decide what can be booked. Ask one of them.</Trans>
        </p>
      )}
      {role === 'admin' && (
        <DoctorSelect value={doctor} onChange={(id) => setSearch(id ? { doctor: id } : {})} />
      )}
      {role === 'doctor' && <BookableCard />}
      {role === 'admin' && doctor && <BookableCard key={doctor} doctor={doctor} />}
    </div>
  );
}

function DoctorSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useLingui();
  return (
    <QueryView query={useQuery(allDoctorsQuery())} loading={t`Loading the doctors…`}>
      {({ doctors }) => (
        <Labelled id="doctor" label={t`Doctor`}>
          <select
            id="doctor"
            className="form-select"
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
          >
            <option value="">{t`Choose a doctor`}</option>
            {doctors.map(({ id, display_name, is_active }) => (
              <option key={id} value={id}>
                {is_active ? display_name : t`${display_name} (takes no bookings)`}
              </option>
            ))}
          </select>
        </Labelled>
      )}
    </QueryView>
  );
}
