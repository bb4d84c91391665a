import { useMutation, useQueryClient } from '@tanstack/react-query';
import { appointmentsBookingsAttendanceCreate } from '@/gen/patient.gen';
import { unwrap } from '@/shared/api/client';
import { updateBookingCache } from '@/shared/bookings/get-booking';

export function useConfirmAttendance(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(appointmentsBookingsAttendanceCreate({ path: { booking_id: id } })),
    onSuccess: (booking) => updateBookingCache(queries, booking),
  });
}
