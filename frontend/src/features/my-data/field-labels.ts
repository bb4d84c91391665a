import { t } from '@lingui/core/macro';

/** The label of a field of the export. Unknown fields get their own name: "Room number". */
export function fieldLabel(name: string): string {
  return { ...personLabels(), ...appointmentLabels(), ...accountLabels() }[name] ?? sentence(name);
}

/** "Room number" from "room_number" */
export function sentence(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const personLabels = (): Record<string, string> => ({
  first_name: t`First name`,
  last_name: t`Last name`,
  name: t`Name`,
  email: t`Email address`,
  old_email: t`Old email address`,
  confirmed_at: t`Confirmed`,
  email_verified_at: t`Email address confirmed`,
  phone: t`Phone number`,
  date_of_birth: t`Date of birth`,
  address: t`Address`,
  allergies: t`Allergies`,
  conditions: t`Medical conditions`,
  medication: t`Medication`,
  emergency_contact_name: t`Emergency contact`,
  emergency_contact_phone: t`Emergency contact’s phone number`,
  insurance_provider: t`Insurance company`,
  insurance_number: t`Policy number`,
});

const appointmentLabels = (): Record<string, string> => ({
  when: t`Date and time`,
  status: t`Status`,
  doctor: t`Doctor`,
  patient: t`Patient`,
  visit_type: t`Type of visit`,
  place: t`Place`,
  room: t`Room`,
  reason: t`Reason`,
  answers: t`Your answers`,
  history: t`History`,
  visit_notes: t`Doctor’s notes`,
  cancelled_at: t`Cancelled`,
  first_on: t`Earliest date`,
  last_on: t`Latest date`,
  weekdays: t`Days of the week`,
  offers: t`Offers`,
  offers_missed: t`Offers not answered`,
  offered_at: t`Offered`,
  answered_at: t`Answered`,
  outcome: t`Result`,
});

const accountLabels = (): Record<string, string> => ({
  created_at: t`Created`,
  made_at: t`Created`,
  last_login: t`Last sign-in`,
  at: t`Date and time`,
  what: t`Action`,
  note: t`Note`,
  by: t`By`,
  ip_address: t`IP address`,
  browser: t`Browser`,
  system: t`Device`,
  begun_at: t`Signed in`,
  last_used_at: t`Last used`,
  last_read_at: t`Last used`,
  expires_at: t`Expires`,
  ended_at: t`Revoked`,
  asked_at: t`Requested`,
  due_at: t`Planned`,
  sent_at: t`Sent`,
  used_at: t`Used`,
  not_sent_because: t`Not sent because`,
});
