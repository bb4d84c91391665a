import type { Booking, Clinic, Dependant, Doctor, Page, Slot, User } from '@/shared/api/types';

const ZONE = { time_zone: 'Europe/London', tz_label: 'London time' };
const SPECIALTIES = [{ id: 'specialty-1', code: 'general_medicine', name: 'General medicine' }];

export const clinic = (given: Partial<Clinic> = {}): Clinic => ({
  id: 'clinic-1',
  slug: 'riverside',
  name: 'Riverside Clinic',
  ...ZONE,
  phone: '+44 20 7946 0100',
  email: 'hello@riverside.example',
  address: '1 River Street',
  languages: ['en'],
  branding: {
    primary_color: '#1d5b79',
    on_primary_color: '#ffffff',
    accent_color: '#1d5b79',
    on_accent_color: '#ffffff',
  },
  booking_rules: { horizon_days: 90, cancellation_notice_minutes: 1440 },
  specialties: SPECIALTIES,
  visit_types: [],
  ...given,
});

export const doctor = (given: Partial<Doctor> = {}): Doctor => ({
  id: 'doctor-1',
  name: 'Jane Smith',
  title: 'Dr',
  display_name: 'Dr Jane Smith',
  bio: '',
  years_of_experience: 12,
  languages: ['en'],
  accepting_new_patients: true,
  specialties: SPECIALTIES,
  next_available: '2026-11-24T09:30:00Z',
  next_available_local: { local_date: '2026-11-24', local_time: '09:30' },
  ...ZONE,
  ...given,
});

export const slot = (given: Partial<Slot> = {}): Slot => ({
  id: 'slot-1',
  doctor: 'doctor-1',
  starts_at: '2026-11-24T09:30:00Z',
  ends_at: '2026-11-24T09:45:00Z',
  status: 'free',
  local_date: '2026-11-24',
  local_time: '09:30',
  local_end_time: '09:45',
  clock_pass: 0,
  place: null,
  ...ZONE,
  ...given,
});

export const user = (given: Partial<User> = {}): User => ({
  id: 'user-1',
  email: 'pat@example.com',
  email_verified_at: '2026-11-20T10:00:00Z',
  first_name: 'Pat',
  last_name: 'Jones',
  phone: '+44 20 7946 0999',
  role: 'patient',
  time_zone: 'Europe/London',
  profile: null,
  ...given,
});

export const booking = (given: Partial<Booking> = {}): Booking => ({
  ...slot(),
  id: 'booking-1',
  slot: 'slot-1',
  status: 'CONFIRMED',
  doctor: { id: 'doctor-1', display_name: 'Dr Jane Smith', specialties: SPECIALTIES },
  patient: { id: 'patient-1', name: 'Pat Jones' },
  visit_type: null,
  place: null,
  room: null,
  series: null,
  overbooked: false,
  reason: '',
  answers: [],
  can_cancel: true,
  can_reschedule: true,
  created_at: '2026-11-20T10:00:00Z',
  cancelled_at: null,
  ...given,
});

export const dependant = (given: Partial<Dependant> = {}): Dependant => ({
  id: 'child-1',
  name: 'Mia Jones',
  first_name: 'Mia',
  last_name: 'Jones',
  phone: '',
  date_of_birth: '2019-05-01',
  address: '',
  allergies: 'Nuts',
  conditions: '',
  medication: '',
  emergency_contact_name: '',
  emergency_contact_phone: '',
  insurance_provider: '',
  insurance_number: '',
  ...given,
});

export const page = <T>(results: T[]): Page<T> => ({
  count: results.length,
  next: null,
  previous: null,
  results,
});
