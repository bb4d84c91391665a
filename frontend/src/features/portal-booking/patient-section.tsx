import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';
import type { BookingPanel as Booking } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { plainDate } from '@/shared/times/format';
import { Section, type SectionLevel } from './section';

type Patient = Booking['patient'];

/** Who comes: age, how to reach them, and what a doctor should know. */
export function PatientSection({ booking, level }: { booking: Booking; level: SectionLevel }) {
  const { t } = useLingui();
  const { patient } = booking;
  return (
    <Section title={t`Patient`} level={level}>
      <dl className="booking-details">
        <div>
          <dt>
            <Trans>Date of birth</Trans>
          </dt>
          <dd>
            <BirthDate patient={patient} />
          </dd>
        </div>
        <div>
          <dt>
            <Trans>Phone</Trans>
          </dt>
          <dd>
            {patient.phone ? (
              <a href={`tel:${patient.phone}`}>{patient.phone_display}</a>
            ) : (
              <Trans>None</Trans>
            )}
            <Problem text={patient.phone_problem} />
          </dd>
        </div>
        <div>
          <dt>
            <Trans>Email</Trans>
          </dt>
          <dd className="text-break">
            {patient.email ? <EmailAddress address={patient.email} /> : <Trans>None</Trans>}
            {patient.address_problems.map((problem) => (
              <Problem key={problem} text={problem} />
            ))}
          </dd>
        </div>
        <Carers patient={patient} />
      </dl>
      <Alerts patient={patient} />
      <Link to={`/portal/patients/${patient.id}`}>
        <Trans>Open the patient’s record</Trans>
      </Link>
    </Section>
  );
}

/** An address that can be broken before its @ in a narrow column. */
function EmailAddress({ address }: { address: string }) {
  const at = address.lastIndexOf('@');
  return (
    <>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </>
  );
}

function BirthDate({ patient }: { patient: Patient }) {
  if (!patient.date_of_birth || patient.age === null) return <Trans>Not known</Trans>;
  return (
    <>
      {plainDate(patient.date_of_birth)} (
      <Plural value={patient.age} one="# year old" other="# years old" />)
    </>
  );
}

function Problem({ text }: { text: string }) {
  if (!text) return null;
  return (
    <span className="booking-problem">
      <Icon name="warning" />
      {text}
    </span>
  );
}

function Carers({ patient }: { patient: Patient }) {
  return (
    <>
      {patient.carers.length > 0 && (
        <div>
          <dt>
            <Trans>Carers</Trans>
          </dt>
          {patient.carers.map((carer) => (
            <dd key={carer.id}>
              {carer.name} {carer.phone && <a href={`tel:${carer.phone}`}>{carer.phone_display}</a>}
            </dd>
          ))}
        </div>
      )}
      {patient.dependants.length > 0 && (
        <div>
          <dt>
            <Trans>Looks after</Trans>
          </dt>
          {patient.dependants.map((dependant) => (
            <dd key={dependant.id}>
              <Link to={`/portal/patients/${dependant.id}`}>{dependant.name}</Link>
            </dd>
          ))}
        </div>
      )}
    </>
  );
}

function Alerts({ patient }: { patient: Patient }) {
  const { t } = useLingui();
  const { alerts } = patient;
  if (!alerts) return null;
  const rows: [string, string][] = [
    [t`Allergies`, alerts.allergies],
    [t`Conditions`, alerts.conditions],
    [t`Medication`, alerts.medication],
  ];
  const known = rows.filter(([, text]) => text);
  if (known.length === 0) {
    return (
      <p className="text-body-secondary">
        <Trans>No allergies, conditions or medication are recorded.</Trans>
      </p>
    );
  }
  return (
    <dl className="booking-alerts">
      {known.map(([label, text]) => (
        <div key={label}>
          <dt>
            <Icon name="warning" />
            {label}
          </dt>
          <dd className="booking-text">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
