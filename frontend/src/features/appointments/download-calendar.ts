import { useMutation } from '@tanstack/react-query';
import { appointmentsBookingsCalendarRetrieve } from '@/gen';
import '@/shared/api/client';

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

function saveAs(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
