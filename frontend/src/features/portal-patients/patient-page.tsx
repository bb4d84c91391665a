import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { PatientRecord } from '@/gen';
import { Icon } from '@/shared/staff/icon';
import { isFrontDesk, useStaff } from '@/shared/staff/staff-context';
import { PageHeading } from '@/shared/ui/page-heading';
import { QueryView } from '@/shared/ui/query-view';
import { SummaryList, SummaryRow } from '@/shared/ui/summary-list';
import { ContactForm } from './contact-form';
import { DateOfBirth } from './date-of-birth';
import { History } from './history';
import { recordQuery } from './patients';

/** A patient's record. The server leaves out the fields that the user may not see. */
export function PatientPage() {
  const { t } = useLingui();
  const { id = '' } = useParams();
  return (
    <QueryView page query={useQuery(recordQuery(id))} loading={t`Loading the record…`}>
      {(record) => <Record record={record} />}
    </QueryView>
  );
}

function Record({ record }: { record: PatientRecord }) {
  const staff = useStaff();
  const desk = isFrontDesk(staff);
  return (
    <>
      <PageHeading title={record.name} />
      {desk && (
        <p className="record-actions">
          <Link className="btn btn-primary" to={`/portal/new?patient=${record.id}`}>
            <Trans>Book an appointment</Trans>
          </Link>
          <Link className="btn btn-outline-primary" to={`/portal/patients/${record.id}/merge`}>
            <Trans>Merge with another record</Trans>
          </Link>
        </p>
      )}
      <Alerts record={record} />
      <div className="record">
        <div>
          <Contact record={record} mayChange={desk} />
          <Details record={record} />
        </div>
        <div>
          <History patientId={record.id} />
        </div>
      </div>
    </>
  );
}

/** Allergies, conditions and medication. The server sends null to users who may not see them. */
function Alerts({ record }: { record: PatientRecord }) {
  const { t } = useLingui();
  const { allergies, conditions, medication } = record;
  const alerts = [
    [t`Allergies`, allergies],
    [t`Conditions`, conditions],
    [t`Medication`, medication],
  ].filter(([, text]) => text);
  if (alerts.length === 0) return null;
  return (
    <section className="record-alerts" aria-label={t`Alerts`}>
      <Icon name="warning" />
      <dl>
        {alerts.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Contact({ record, mayChange }: { record: PatientRecord; mayChange: boolean }) {
  const { t } = useLingui();
  const [changes, setChanges] = useState(false);
  return (
    <section className="portal-card" aria-labelledby="contact">
      <div className="record-heading">
        <h2 id="contact" tabIndex={-1}>{t`Contact details`}</h2>
        {mayChange && !changes && (
          <button type="button" className="btn btn-outline-primary" onClick={() => setChanges(true)}>
            <Trans>
              Change<span className="visually-hidden"> the contact details</span>
            </Trans>
          </button>
        )}
      </div>
      {changes ? (
        <ContactForm record={record} close={() => setChanges(false)} />
      ) : (
        <SummaryList>
          <SummaryRow label={t`Date of birth`}>
            {record.date_of_birth ? <DateOfBirth date={record.date_of_birth} /> : t`Not known`}
          </SummaryRow>
          <SummaryRow label={t`Phone`}>
            {record.phone ? <a href={`tel:${record.phone}`}>{record.phone_display}</a> : t`Not known`}
          </SummaryRow>
          <SummaryRow label={t`Email`}>
            {record.email || t`No account`}
            {record.email_problem && (
              <span className="d-block wait-long">
                <Trans>Emails to this address are not delivered. Ask the patient for another one.</Trans>
              </span>
            )}
          </SummaryRow>
          {record.address && <SummaryRow label={t`Address`}>{record.address}</SummaryRow>}
        </SummaryList>
      )}
    </section>
  );
}

function Details({ record }: { record: PatientRecord }) {
  const { t } = useLingui();
  const emergency = [record.emergency_contact_name, record.emergency_contact_phone_display];
  const insurance = [record.insurance_provider, record.insurance_number];
  const hasCarers = record.cared_for_by.length > 0;
  if (!hasCarers && ![...emergency, ...insurance].some(Boolean)) return null;
  return (
    <section className="portal-card" aria-labelledby="further">
      <h2 id="further">{t`Family and insurance`}</h2>
      <SummaryList>
        {hasCarers && (
          <SummaryRow label={t`Cared for by`}>
            {record.cared_for_by.map(({ id, name, phone_display }) => (
              <span key={id} className="d-block">
                <Link to={`/portal/patients/${id}`}>{name}</Link> {phone_display}
              </span>
            ))}
          </SummaryRow>
        )}
        {emergency.some(Boolean) && (
          <SummaryRow label={t`Emergency contact`}>{emergency.filter(Boolean).join(', ')}</SummaryRow>
        )}
        {insurance.some(Boolean) && (
          <SummaryRow label={t`Insurance`}>{insurance.filter(Boolean).join(', ')}</SummaryRow>
        )}
      </SummaryList>
    </section>
  );
}
