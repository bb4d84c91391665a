import type { HomePage, Offer } from '@/gen';
import type {
  BookedVisit,
  Booking,
  Clinic,
  Dependant,
  Doctor,
  Hold,
  Page,
  Question,
  Slot,
  User,
  VisitType,
  WaitlistEntry,
} from '@/shared/api/types';

const ZONE = { time_zone: 'Europe/London', tz_label: 'London time' };
const SPECIALTIES = [{ id: 'specialty-1', code: 'general_medicine', name: 'General medicine' }];

export const clinic = (overrides: Partial<Clinic> = {}): Clinic => ({
  id: 'clinic-1',
  slug: 'riverside',
  name: 'Riverside Clinic',
  locale: 'en-GB',
  patient_languages: [{ code: 'en', name: 'English' }],
  ...ZONE,
  phone: '+44 20 7946 0100',
  email: 'hello@riverside.example',
  address: '1 River Street',
  languages: ['en'],
  branding: {
    logo: null,
    icon: null,
    primary_color: '#1d5b79',
    on_primary_color: '#ffffff',
    accent_color: '#1d5b79',
    on_accent_color: '#ffffff',
  },
  booking_rules: {
    horizon_days: 90,
    cancellation_notice_minutes: 1440,
    reschedule_notice_minutes: 2880,
    booking_notice_minutes: 0,
    hold_minutes: 10,
    ask_date_of_birth: false,
  },
  desk_sees_clinical: false,
  specialties: SPECIALTIES,
  visit_types: [],
  ...overrides,
});

export const question = (overrides: Partial<Question> = {}): Question => ({
  id: 'question-1',
  text: 'Do you smoke?',
  kind: 'yes_no',
  choices: [],
  is_required: true,
  ...overrides,
});

export const visitType = (overrides: Partial<VisitType> = {}): VisitType => ({
  id: 'visit-1',
  name: 'Check-up',
  description: '',
  preparation: '',
  bring: '',
  duration_minutes: 30,
  mode: 'in_person',
  price: null,
  currency: '',
  colour: '#0b5c8a',
  new_patients_only: false,
  needs_approval: false,
  who_may_book: 'public',
  notice_minutes: 0,
  doctors: [],
  paused_by: [],
  questions: [],
  ...overrides,
});

export const bookedVisit = (overrides: Partial<BookedVisit> = {}): BookedVisit => ({
  id: 'visit-1',
  name: 'Check-up',
  mode: 'in_person',
  video_link: '',
  preparation: '',
  bring: '',
  price: null,
  currency: '',
  colour: '#0b5c8a',
  ...overrides,
});

export const doctor = (overrides: Partial<Doctor> = {}): Doctor => ({
  id: 'doctor-1',
  name: 'Jane Smith',
  title: 'Dr',
  qualification: '',
  display_name: 'Dr Jane Smith',
  bio: '',
  years_of_experience: 12,
  languages: ['en'],
  sex: '',
  accepting_new_patients: true,
  photo: null,
  specialties: SPECIALTIES,
  next_available: '2026-11-24T09:30:00Z',
  next_available_local: { local_date: '2026-11-24', local_time: '09:30' },
  ...ZONE,
  ...overrides,
});

export const slot = (overrides: Partial<Slot> = {}): Slot => ({
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
  ...overrides,
});

export const user = (overrides: Partial<User> = {}): User => ({
  id: 'user-1',
  email: 'pat@example.com',
  email_verified_at: '2026-11-20T10:00:00Z',
  email_problem: '',
  first_name: 'Pat',
  last_name: 'Jones',
  phone: '+442079460999',
  phone_display: '+44 20 7946 0999',
  role: 'patient',
  language: '',
  has_password: true,
  time_zone: 'Europe/London',
  profile: null,
  sms_available: false,
  sms_consent: false,
  ...overrides,
});

export const booking = (overrides: Partial<Booking> = {}): Booking => ({
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
  can_repeat: true,
  can_check_in: false,
  attendance_confirmed_at: null,
  created_at: '2026-11-20T10:00:00Z',
  cancelled_at: null,
  ...overrides,
});

export const hold = (overrides: Partial<Hold> = {}): Hold => {
  const { status: _, doctor: __, ...times } = slot();
  const { doctor, patient, visit_type, place } = booking();
  return {
    ...times,
    ...{ doctor, patient, visit_type, place },
    id: 'hold-1',
    slot: 'slot-1',
    held_until: '2026-11-23T09:10:00Z',
    ...overrides,
  };
};

export const waitlistEntry = (overrides: Partial<WaitlistEntry> = {}): WaitlistEntry => {
  const { doctor, patient, visit_type } = booking();
  return {
    ...{ doctor, patient, visit_type },
    specialty: null,
    id: 'entry-1',
    status: 'waiting',
    from: '2026-11-24',
    to: '2026-12-22',
    weekdays: [0, 1, 2, 3, 4, 5, 6],
    created_at: '2026-11-20T10:00:00Z',
    time_zone: 'Europe/London',
    offers_missed: 0,
    position: 2,
    waiting: 5,
    rule: 'Free times are offered one patient at a time.',
    offer: null,
    ...overrides,
  };
};

export const offer = (overrides: Partial<Offer> = {}): Offer => {
  const { status: _, id, ...times } = slot();
  const { doctor, visit_type, place } = booking();
  return {
    id: 'offer-1',
    ends_at: '2026-11-23T10:42:00Z',
    ends_at_local: { local_date: '2026-11-23', local_time: '10:42' },
    ...ZONE,
    time: { ...times, doctor, visit_type, place, slot: id },
    can_replace: [],
    ...overrides,
  };
};

export const dependant = (overrides: Partial<Dependant> = {}): Dependant => ({
  id: 'child-1',
  name: 'Mia Jones',
  first_name: 'Mia',
  last_name: 'Jones',
  phone: '',
  phone_display: '',
  date_of_birth: '2019-05-01',
  address: '',
  allergies: 'Nuts',
  conditions: '',
  medication: '',
  emergency_contact_name: '',
  emergency_contact_phone: '',
  emergency_contact_phone_display: '',
  insurance_provider: '',
  insurance_number: '',
  ...overrides,
});

export const page = <T>(results: T[]): Page<T> => ({
  count: results.length,
  next: null,
  previous: null,
  results,
});

const SITE = { phone: '', directions: '', map_url: 'https://maps.example', route_url: 'https://way.example' };

export const homePage = (overrides: Partial<HomePage> = {}): HomePage => ({
  heading: 'Good care by the river',
  welcome_html: '<p>We are <strong>here</strong>.</p>',
  urgent_html: '<p>Call 999.</p>',
  hours: [
    {
      weekday: 0,
      name: 'Monday',
      text: '9:00 am to 5:00 pm',
      intervals: [{ opens: '09:00', closes: '17:00' }],
    },
    { weekday: 1, name: 'Tuesday', text: 'Closed', intervals: [] },
  ],
  hours_note: 'Closed on bank holidays.',
  sites: [{ ...SITE, name: 'Riverside Clinic', address: '1 River Street' }],
  picture: null,
  offers: [
    { id: 'visit-1', name: 'Check-up', description: 'A look at you.', facts: '30 minutes · In person' },
  ],
  specialties: [{ id: 's', code: 'dentistry', name: 'Dentistry' }],
  team: [
    {
      id: 'doctor-1',
      name: 'Jane Smith',
      display_name: 'Dr Jane Smith',
      qualification: 'MBBS',
      specialties: [],
      photo: null,
    },
  ],
  team_size: 13,
  ...overrides,
});
