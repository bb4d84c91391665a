import type { Board, BoardVisit, Dashboard } from '@/gen';

/** Objects as the API sends them to the portal. */

export const visitOfDay = (overrides: Partial<BoardVisit> = {}): BoardVisit => ({
  id: 'visit-1',
  status: 'CONFIRMED',
  starts_at: '2026-11-24T09:30:00Z',
  ends_at: '2026-11-24T10:00:00Z',
  time_zone: 'Europe/London',
  tz_label: 'London time',
  local_date: '2026-11-24',
  local_time: '09:30',
  local_end_time: '10:00',
  clock_pass: 0,
  doctor: 'doctor-1',
  doctor_name: 'Dr Amara Okafor',
  patient: {
    id: 'patient-1',
    name: 'Sam Fisher',
    date_of_birth: '1980-02-01',
    phone: '',
    phone_display: '',
    email_problem: '',
  },
  visit_type: { name: 'Check-up', mode: 'in_person', colour: '#0b5c8a' },
  place: null,
  room: null,
  reason: '',
  overbooked: false,
  version: 0,
  attendance_confirmed_at: null,
  arrived_at: null,
  began_at: null,
  ...overrides,
});

export const board = (overrides: Partial<Board> = {}): Board => ({
  date: '2026-11-24',
  read_at: new Date().toISOString(),
  doctors: [],
  places: [],
  visits: [],
  ...overrides,
});

export const dashboard = (overrides: Partial<Dashboard> = {}): Dashboard => ({
  date: '2026-11-24',
  doctor: {
    id: 'doctor-1',
    display_name: 'Dr Amara Okafor',
    is_active: true,
    accepting_new_patients: true,
  },
  requests_count: 0,
  requests: [],
  unfilled: [],
  time_off: [],
  clock_changes: [],
  waiting_list: 0,
  ...overrides,
});
