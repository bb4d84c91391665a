/** The one place that knows how the generated document names the API's objects. */
export type {
  Appointment,
  Booking,
  Clinic,
  Doctor,
  PatientProfile,
  Slot,
  Specialty,
  User,
} from '@/gen';

export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}
