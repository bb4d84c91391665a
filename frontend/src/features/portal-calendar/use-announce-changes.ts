import { useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { useAnnounce } from '@/shared/staff/announcements';
import { shortDateTime } from '@/shared/times/format';
import type { Calendar, PortalBooking } from './shared/types';

function bookingsOf(calendar: Calendar): Map<string, PortalBooking> {
  const days = calendar.doctors.flatMap((column) => column.days);
  const bookings = days.flatMap((day) => day.visits.map(({ booking }) => booking));
  return new Map(bookings.map((booking) => [booking.id, booking]));
}

/** The bookings that are new since `before`, and those that were cancelled since. Holds are neither. */
export function changesSince(before: Calendar, after: Calendar) {
  const [known, now] = [bookingsOf(before), bookingsOf(after)];
  const shown = [...now.values()].filter(({ patient }) => patient !== null);
  const wasThere = ({ id }: PortalBooking) => known.get(id)?.patient != null;
  return {
    added: shown.filter((booking) => !wasThere(booking) && booking.status !== 'CANCELLED'),
    cancelled: shown.filter(
      ({ id, status }) => status === 'CANCELLED' && known.has(id) && known.get(id)?.status !== 'CANCELLED',
    ),
  };
}

/** Says politely which booking is new or was cancelled, while the same days of the same doctors are shown. */
export function useAnnounceChanges(calendar: Calendar, key: string): void {
  const { t } = useLingui();
  const announce = useAnnounce();
  const last = useRef({ calendar, key });
  useEffect(() => {
    const before = last.current;
    last.current = { calendar, key };
    if (before.key !== key || before.calendar === calendar) return;
    const { added, cancelled } = changesSince(before.calendar, calendar);
    const describe = (booking: PortalBooking) =>
      [booking.patient?.name, shortDateTime(booking), booking.doctor.display_name].filter(Boolean).join(', ');
    const [first] = added;
    const [gone] = cancelled;
    const count = added.length;
    if (first && count > 1) announce({ text: t`${count} new bookings. The first: ${describe(first)}` });
    else if (first) announce({ text: t`New booking: ${describe(first)}` });
    else if (gone) announce({ text: t`Cancelled: ${describe(gone)}` });
  }, [calendar, key, announce, t]);
}
