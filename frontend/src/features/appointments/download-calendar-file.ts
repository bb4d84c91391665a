import { useMutation } from '@tanstack/react-query';
import { appointmentsBookingsCalendarRetrieve } from '@/gen';
import '@/shared/api/client';
import { saveAs } from '@/shared/api/save-file';

/** Fetches the calendar file, which needs the token, and hands it to the browser as a download. */
export function useDownloadCalendar(id: string) {
  return useMutation({
    mutationFn: async () => {
      const { data } = await appointmentsBookingsCalendarRetrieve({
        path: { booking_id: id },
        parseAs: 'blob',
      });
      saveAs(new Blob([data as Blob], { type: 'text/calendar' }), 'appointment.ics');
    },
  });
}
