import { useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Outlet, useMatch } from 'react-router';
import { NoDoctorRecord } from '@/shared/staff/no-doctor-record';
import { useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';
import { CalendarView } from './calendar-view';
import { DeskCalendar } from './desk-calendar';
import { useCalendarUrl } from './shared/calendar-url';
import { Toolbar } from './toolbar';

/** The calendar, with the panel of a booking at its side when one is open. */
export function CalendarPage() {
  const { t } = useLingui();
  const staff = useStaff();
  const url = useCalendarUrl();
  const panel = useMatch('/portal/calendar/bookings/:id');
  useReturnFocus(panel?.params.id);
  return (
    <div className={panel ? 'calendar-page has-panel' : 'calendar-page'}>
      <div className="calendar-main">
        <PageHeading page="calendar" title={t`Calendar`} className="calendar-heading" />
        {staff.role === 'doctor' ? <OwnCalendar url={url} /> : <DeskCalendar url={url} />}
      </div>
      <Outlet />
    </div>
  );
}

function OwnCalendar({ url }: { url: ReturnType<typeof useCalendarUrl> }) {
  return (
    <>
      <Toolbar url={url} />
      <CalendarView url={url} doctors={[]} onMissing={<NoDoctorRecord />} />
    </>
  );
}

/** When the panel closes, the focus goes back to the visit that it showed. */
function useReturnFocus(id: string | undefined): void {
  const last = useRef(id);
  useEffect(() => {
    const closed = last.current;
    last.current = id;
    if (closed && !id) document.getElementById(`visit-${closed}`)?.focus();
  }, [id]);
}
