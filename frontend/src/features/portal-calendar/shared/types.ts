import type { PortalCalendarRetrieveResponse } from '@/gen';

export type Calendar = PortalCalendarRetrieveResponse['data'];
export type CalendarDay = Calendar['days'][number];
type DoctorColumn = Calendar['doctors'][number];
type DoctorDay = DoctorColumn['days'][number];
export type PlacedVisit = DoctorDay['visits'][number];
export type PortalBooking = PlacedVisit['booking'];
export type PlacedSlot = DoctorDay['free'][number]['slots'][number];
export type TimeOff = DoctorDay['time_off'][number];

/** A column of the grid: a day of a doctor. */
export interface Column {
  key: string;
  doctor: DoctorColumn['doctor'];
  day: CalendarDay;
  content: DoctorDay;
}

/** The columns of a calendar: the doctors of a day side by side, or the days of a doctor. */
export function columnsOf(calendar: Calendar): Column[] {
  return calendar.days.flatMap((day, number) =>
    calendar.doctors.flatMap(({ doctor, days }) => {
      const content = days[number];
      return content ? [{ key: `${day.date} ${doctor.id}`, doctor, day, content }] : [];
    }),
  );
}

export const isCancelled = ({ booking }: PlacedVisit) => booking.status === 'CANCELLED';
