import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { CalendarDoctors } from '@/gen';
import { QueryView } from '@/shared/ui/query-view';
import { CalendarView } from './calendar-view';
import { DoctorChoice } from './doctors/doctor-choice';
import { NoDoctors } from './no-doctors';
import type { CalendarUrl } from './shared/calendar-url';
import { lastDoctors, MAX_COLUMNS, rememberDoctors } from './shared/columns-on-device';
import { doctorsQuery } from './shared/list-doctors';
import { Toolbar } from './toolbar';

/** The calendar of the doctors that the front desk has chosen. */
export function DeskCalendar({ url }: { url: CalendarUrl }) {
  const { t } = useLingui();
  return (
    <QueryView query={useQuery(doctorsQuery())} loading={t`Loading the doctors…`}>
      {(all) => (all.doctors.length > 0 ? <Chosen url={url} all={all} /> : <NoDoctors />)}
    </QueryView>
  );
}

function Chosen({ url, all }: { url: CalendarUrl; all: CalendarDoctors }) {
  const named = url.doctors.join(',');
  const chosen = useMemo(() => chooseDoctors(all, named.split(',').filter(Boolean)), [all, named]);
  useEffect(() => {
    if (named) rememberDoctors(chosen);
  }, [named, chosen]);
  // A week has room for one doctor.
  const shown = url.view === 'week' ? chosen.slice(0, 1) : chosen;
  return (
    <>
      <Toolbar url={url}>
        <DoctorChoice
          all={all}
          chosen={shown}
          choose={(doctors) => url.change({ doctors })}
          view={url.view}
        />
      </Toolbar>
      <CalendarView url={url} doctors={shown} />
    </>
  );
}

/**
 * Returns the ids of the doctors to show: those of the URL, else those last shown on this device, else the first
 * active doctors. Unknown ids are left out.
 */
function chooseDoctors({ doctors }: CalendarDoctors, named: string[]): string[] {
  const known = new Set(doctors.map(({ id }) => id));
  for (const ids of [named, lastDoctors()]) {
    const found = [...new Set(ids)].filter((id) => known.has(id));
    if (found.length > 0) return found.slice(0, MAX_COLUMNS);
  }
  const active = doctors.filter(({ is_active }) => is_active);
  return (active.length > 0 ? active : doctors).slice(0, MAX_COLUMNS).map(({ id }) => id);
}
