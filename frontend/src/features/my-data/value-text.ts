import { t } from '@lingui/core/macro';
import { dateAndTimeInZone } from '@/shared/times/device-time';
import { plainDate } from '@/shared/times/format';
import { weekdayName } from '@/shared/times/weekdays';
import { answerLabel } from '@/shared/visit-types/answer-label';
import { sentence } from './field-labels';

/** Returns a value of the export as text; null for an object without a text of its own. */
export type Describe = (name: string, value: unknown) => string | null;

/** Fields whose values are codes of the API, not text that somebody has entered. */
const CODE_FIELDS = ['status', 'what', 'by', 'outcome', 'mode', 'not_sent_because'];

/** @param timeZone the clinic's time zone, in which instants are shown */
export function describeIn(timeZone: string): Describe {
  const describe: Describe = (name, value) => {
    if (typeof value === 'boolean') return value ? t`Yes` : t`No`;
    if (name === 'weekdays') return weekdayName(Number(value));
    if (isObject(value)) return objectText(name, value, describe);
    const text = String(value);
    if (CODE_FIELDS.includes(name)) return codeText(text);
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return dateAndTimeInZone(text, timeZone);
    return /^\d{4}-\d\d-\d\d$/.test(text) ? plainDate(text) : text;
  };
  return describe;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function objectText(name: string, value: Record<string, unknown>, describe: Describe): string | null {
  if (name === 'answers') return `${value.text} ${answerLabel(String(value.answer))}`;
  if (name === 'history') {
    const event = [describe('at', value.at), describe('what', value.what)].join(': ');
    return [event, value.by && describe('by', value.by), value.note].filter(Boolean).join(', ');
  }
  if (name === 'visit_notes') return `${describe('at', value.saved_at)}: ${value.text}`;
  if (name === 'place') return `${value.name}\n${value.address}`;
  if (['doctor', 'patient', 'visit_type'].includes(name)) return String(value.display_name ?? value.name);
  return null;
}

/** The text of a code. Unknown codes are spelled out: "Signed in" from "signed_in". */
function codeText(code: string): string {
  const known: Record<string, string> = {
    cancelled: t`Cancelled`,
    cancellation: t`Appointment cancelled`,
    confirmation: t`Appointment confirmed`,
    requested: t`Appointment requested`,
    offer: t`Appointment available`,
    rescheduled: t`Date or time changed`,
    pending: t`Waiting for confirmation`,
    no_show: t`Missed`,
    held: t`Time held`,
    released: t`Hold ended`,
    confirmed: t`Confirmed`,
    read: t`Viewed`,
    listed: t`Viewed in a list`,
    added: t`Created`,
    exported: t`Data downloaded or viewed`,
    taken: t`Accepted`,
    patient: t`by you or a carer`,
    doctor: t`by the doctor`,
    receptionist: t`by the clinic`,
    admin: t`by the clinic`,
  };
  return known[code.toLowerCase()] ?? sentence(code);
}
