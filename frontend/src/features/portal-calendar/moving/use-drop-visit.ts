import { useNavigate } from 'react-router';
import { isApiError } from '@/shared/api/api-error';
import { withQuery } from '@/shared/paths/with-query';
import { useAnnounce } from '@/shared/staff/announcements';
import { useMoveVisit } from '@/shared/staff/move-visit';
import { errorText } from '@/shared/ui/error-text';
import type { PlacedVisit } from '../shared/types';
import { instantAt, localTimeAt, type Target } from './drag-target';

/** Refusals after which staff decide in the form, which says what is in the way. */
const TO_DECIDE = ['slot_taken', 'time_offered', 'outside_hours', 'limit_reached', 'rooms_taken'];

/** Returns a function that moves a visit to where it was dropped. */
export function useDropVisit() {
  const navigate = useNavigate();
  const announce = useAnnounce();
  const move = useMoveVisit();
  return async ({ booking }: PlacedVisit, target: Target): Promise<void> => {
    const { column, minute, end_minute } = target;
    const minutes = end_minute - minute;
    const change = {
      doctor: column.doctor.id,
      starts_at: instantAt(column.day, minute),
      minutes,
      version: booking.version,
    };
    try {
      await move.mutateAsync({ id: booking.id, change });
    } catch (error) {
      if (!isApiError(error, ...TO_DECIDE)) return announce({ text: errorText(error), seconds: 20 });
      const wanted = { date: column.day.date, time: localTimeAt(column.day, minute), minutes: `${minutes}` };
      navigate(withQuery(`/portal/bookings/${booking.id}/move`, { ...wanted, doctor: column.doctor.id }));
    }
  };
}
