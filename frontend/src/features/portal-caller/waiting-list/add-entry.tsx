import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { isApiError } from '@/shared/api/api-error';
import type { Choices, FoundPatient } from '@/shared/api/types';
import { useClinic } from '@/shared/clinic/clinic-context';
import { ErrorList, type FormError } from '@/shared/forms/error-summary';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { useAnnounce } from '@/shared/staff/announcements';
import { PatientCombobox } from '@/shared/staff/patient-combobox';
import { usePatientFacts } from '@/shared/staff/patient-facts';
import { PORTAL } from '@/shared/staff/portal-data';
import { addDays, todayIn } from '@/shared/times/dates';
import { errorText } from '@/shared/ui/error-text';
import { readPatient } from '../change-patient';
import { Select } from '../select';
import { useAddEntry } from './portal-waitlist';

const FOUR_WEEKS = 28;
const DOCTOR = 'doctor:';

interface AddEntryProps {
  choices: Choices;
  /** `?add=1&patient=&doctor=&visit_type=` */
  params: URLSearchParams;
  close: () => void;
}

/** Adds a caller to the waiting list. */
export function AddEntry({ choices, params, close }: AddEntryProps) {
  const { t } = useLingui();
  const { specialties, time_zone } = useClinic();
  const announce = useAnnounce();
  const add = useAddEntry();
  const known = params.get('patient');
  const named = useQuery({
    queryKey: [...PORTAL, 'patient', known],
    queryFn: () => readPatient(known ?? ''),
    enabled: known !== null,
  });
  const [found, setFound] = useState<FoundPatient | null>(null);
  const { errors, attempts, show } = useFormErrors();
  const doctor = params.get('doctor');
  const [withWhom, setWithWhom] = useState(doctor ? `${DOCTOR}${doctor}` : '');
  const [visitType, setVisitType] = useState(params.get('visit_type') ?? choices.visit_types[0]?.id ?? '');
  const today = todayIn(time_zone);
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(addDays(today, FOUR_WEEKS));
  const patient = found ?? named.data ?? null;
  const search = useRef<HTMLInputElement>(null);
  const hasPatient = patient !== null;
  useEffect(() => {
    // After the heading, which takes the focus on navigation. The search has gone once the patient is chosen.
    const timer = setTimeout(() => {
      const next = hasPatient ? document.getElementById('entry-with') : search.current;
      next?.focus();
    }, 0);
    return () => clearTimeout(timer);
  }, [hasPatient]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const missing: FormError[] = [];
    if (!patient) missing.push({ field: 'entry-patient', message: t`Choose a patient` });
    if (!withWhom) missing.push({ field: 'entry-with', message: t`Choose a doctor or a specialty` });
    if (!show(missing) || !patient) return;
    const whom = withWhom.startsWith(DOCTOR)
      ? { doctor: withWhom.slice(DOCTOR.length) }
      : { specialty: withWhom };
    try {
      await add.mutateAsync({
        patient: patient.id,
        from,
        to,
        ...whom,
        ...(visitType && { visit_type: visitType }),
      });
      announce({ text: t`${patient.name} is on the waiting list.` });
      close();
    } catch (error) {
      show(serverErrors(error));
    }
  };
  return (
    <section className="portal-card" aria-labelledby="add-heading">
      <h2 id="add-heading" className="h5">
        <Trans>Add a caller</Trans>
      </h2>
      <ErrorList errors={errors} attempts={attempts} />
      <div id="entry-patient" tabIndex={-1} className="entry-patient">
        {patient ? (
          <PatientName patient={patient} />
        ) : (
          <PatientCombobox input={search} label={t`Find the patient`} onChoose={setFound} />
        )}
      </div>
      <form onSubmit={submit} noValidate>
        <div className="time-filters entry-fields">
          <Select id="entry-with" label={t`Doctor or specialty`} value={withWhom} onChange={setWithWhom}>
            <option value="">{t`Choose`}</option>
            <optgroup label={t`Specialties`}>
              {specialties.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </optgroup>
            <optgroup label={t`Doctors`}>
              {choices.doctors.map(({ id, display_name }) => (
                <option key={id} value={`${DOCTOR}${id}`}>
                  {display_name}
                </option>
              ))}
            </optgroup>
          </Select>
          {choices.visit_types.length > 0 && (
            <Select id="entry-type" label={t`Visit type`} value={visitType} onChange={setVisitType}>
              {choices.visit_types.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
          <DayField id="from" label={t`First day`} value={from} onChange={setFrom} />
          <DayField id="to" label={t`Last day`} value={to} onChange={setTo} />
        </div>
        <div className="actions mb-0">
          <button type="submit" className="btn btn-primary" aria-busy={add.isPending || undefined}>
            {add.isPending ? t`Adding…` : t`Add to the waiting list`}
          </button>
          <button type="button" className="btn btn-outline-primary" onClick={close}>
            <Trans>Cancel</Trans>
          </button>
        </div>
      </form>
    </section>
  );
}

function serverErrors(error: unknown): FormError[] {
  const fields = Object.entries(isApiError(error) ? error.errors : {});
  if (fields.length === 0) return [{ field: '', message: errorText(error) }];
  return fields.map(([field, messages]) => ({ field, message: messages.join(' ') }));
}

function PatientName({ patient }: { patient: FoundPatient }) {
  const facts = usePatientFacts();
  return (
    <p>
      <strong>{patient.name}</strong> <span>{facts(patient)}</span>
    </p>
  );
}

interface DayFieldProps {
  id: string;
  label: string;
  value: string;
  onChange: (day: string) => void;
}

function DayField({ id, label, value, onChange }: DayFieldProps) {
  return (
    <div>
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="date"
        className="form-control"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
