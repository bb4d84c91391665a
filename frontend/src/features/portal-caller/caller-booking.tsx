import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useEffect, useRef } from 'react';
import type { Choices } from '@/shared/api/types';
import { ErrorList, type FormError } from '@/shared/forms/error-summary';
import { useFormErrors } from '@/shared/forms/use-form-errors';
import { PageHeading } from '@/shared/ui/page-heading';
import { BookBar } from './book-bar';
import { Booked } from './booked';
import { PatientStep } from './patient-step';
import { Problem } from './problem';
import type { Start } from './start';
import { TimeFilterFields } from './time-filter-fields';
import { TimeList } from './time-list';
import { type CallerForm, useCallerForm } from './use-caller-form';
import { VisitFields } from './visit-fields';

/** Patient, visit and time on one page, so that the caller can give them in any order. */
export function CallerBooking({ choices, start }: { choices: Choices; start: Start }) {
  const { t } = useLingui();
  const form = useCallerForm(choices, start);
  const times = useRef<HTMLDivElement>(null);
  const { errors, attempts, show } = useFormErrors();
  useFocusOnTimes(form, times);
  if (form.booking.data && form.patient) return <Booked booking={form.booking.data} patient={form.patient} />;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: FormError[] = [...form.missing()];
    if (!form.chosen) found.unshift({ field: 'times', message: t`Choose a time` });
    if (!form.patient) found.unshift({ field: 'patient', message: t`Choose a patient` });
    if (show(found)) form.book();
  };
  return (
    <div className="caller">
      <PageHeading title={t`New booking`} />
      <ErrorList errors={errors} attempts={attempts} />
      {start.timeIsGone && (
        <p role="alert" className="notice notice-warning">
          <Trans>That time has just been taken. These are the next ones.</Trans>
        </p>
      )}
      <div className="caller-columns">
        <div className="caller-who">
          <PatientStep form={form} autoFocus={!start.patient} />
        </div>
        <form onSubmit={submit} noValidate aria-label={t`Booking`}>
          <VisitFields form={form} choices={choices} />
          <section className="portal-card" aria-labelledby="times-heading">
            <h2 id="times-heading" className="h5">
              <Trans>Time</Trans>
            </h2>
            <TimeFilterFields form={form} choices={choices} />
            <div ref={times} id="times" tabIndex={-1}>
              <TimeList form={form} choices={choices} />
            </div>
          </section>
          <Problem form={form} />
          <BookBar form={form} />
        </form>
      </div>
    </div>
  );
}

/** Moves the focus on as soon as the patient is chosen: to the times, or to the button if there is a time. */
function useFocusOnTimes(form: CallerForm, times: React.RefObject<HTMLDivElement | null>) {
  const patient = form.patient?.id;
  const first = useRef(patient);
  const hasTime = form.chosen !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the patient is chosen
  useEffect(() => {
    if (!patient || patient === first.current) return;
    first.current = patient;
    if (hasTime) {
      document.getElementById('book')?.focus();
      return;
    }
    const focus = () => {
      const time = times.current?.querySelector<HTMLInputElement>('input[type=radio]');
      time?.focus({ preventScroll: true });
      return time !== null && time !== undefined;
    };
    if (focus() || !times.current) return;
    const observer = new MutationObserver(() => {
      if (focus()) observer.disconnect();
    });
    observer.observe(times.current, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [patient]);
}
