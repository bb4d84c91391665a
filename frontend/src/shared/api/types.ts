import type { Clinic as AnyClinic, BookedVisit, OpenSlot } from '@/gen';

/** The one place that knows how the generated document names the API's objects. */
export type {
  BookedVisit,
  Booking,
  Dependant,
  Doctor,
  Hold,
  MyData,
  PatientProfile,
  Place,
  Profile as User,
  ScheduledSlot as Appointment,
  Specialty,
  UserSession,
} from '@/gen';

export interface Question {
  id: string;
  text: string;
  kind: 'text' | 'yes_no' | 'choice';
  choices: string[];
  is_required: boolean;
}

/** What patients come for. The generated document does not describe it yet. */
export interface VisitType extends Pick<BookedVisit, 'mode' | 'price' | 'currency'> {
  id: string;
  name: string;
  description: string;
  /** null: as long as the slot. */
  duration_minutes: number | null;
  colour: string;
  new_patients_only: boolean;
  needs_approval: boolean;
  who_may_book: 'public' | 'known';
  notice_minutes: number;
  /** Those who offer it; empty: all. */
  doctors: string[];
  questions: Question[];
}

export type Clinic = Omit<AnyClinic, 'visit_types'> & { visit_types: VisitType[] };

/** A bookable time; among alternatives of several doctors it names its own. */
export type Slot = OpenSlot & { doctor_name?: string };

export interface Page<T> {
  count: number;
  next?: string | null;
  previous?: string | null;
  results: T[];
}
