import { useMutation } from '@tanstack/react-query';
import { appointmentsBookingsCalendarRetrieve } from '@/gen/patient.gen';
import '@/shared/api/client';
import { saveFile } from '@/shared/api/save-file';

/** Downloads the calendar file. A plain link would not send the access token. */
export function useDownloadCalendarFile(id: string) {
  return useMutation({
    mutationFn: async () => {
      const { data } = await appointmentsBookingsCalendarRetrieve({
        path: { booking_id: id },
        parseAs: 'blob',
      });
      saveFile(new Blob([data as Blob], { type: 'text/calendar' }), 'appointment.ics');
    },
  });
}
