import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef, useState } from 'react';
import { type ApiError, isApiError } from '@/shared/api/api-error';
import type { FreeTime } from '@/shared/api/types';
import { shortDateTime } from '@/shared/times/format';
import { errorText } from '@/shared/ui/error-text';
import { useSavePhone } from './change-patient';
import type { CallerForm } from './use-caller-form';

/** The refusals that staff may override: the time is taken or reserved, or a limit is reached. */
const OVERBOOKABLE = ['slot_taken', 'limit_reached', 'time_offered'];

/** Why the time could not be held or booked, and what to do next. Nothing that was entered is lost. */
export function Problem({ form }: { form: CallerForm }) {
  const box = useRef<HTMLDivElement>(null);
  const error = form.booking.error ?? form.hold.error;
  useEffect(() => {
    if (error) box.current?.focus();
  }, [error]);
  if (!error || form.booking.isPending) return null;
  const refusal = isApiError(error) ? error : null;
  return (
    <div ref={box} tabIndex={-1} role="alert" className="notice notice-warning caller-problem">
      <p>
        <strong>{errorText(error)}</strong>
      </p>
      {refusal && <Alternatives refusal={refusal} form={form} />}
      {refusal && <Override refusal={refusal} form={form} />}
      {refusal?.code === 'phone_required' && <PhoneForm form={form} />}
    </div>
  );
}

function Alternatives({ refusal, form }: { refusal: ApiError; form: CallerForm }) {
  const times = (refusal.data as { alternatives?: Omit<FreeTime, 'others'>[] } | null)?.alternatives ?? [];
  if (times.length === 0) return null;
  return (
    <>
      <p>
        <Trans>These are the nearest free times:</Trans>
      </p>
      <ul className="nearest-times">
        {times.map((time) => (
          <li key={time.id}>
            <button
              type="button"
              className="btn btn-outline-primary"
              onClick={() => {
                form.choose({ ...time, others: 0 });
                document.getElementById('book')?.focus();
              }}
            >
              {shortDateTime(time)}, {time.doctor_name}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Buttons that book the time in spite of the refusal. */
function Override({ refusal, form }: { refusal: ApiError; form: CallerForm }) {
  if (!OVERBOOKABLE.includes(refusal.code)) return null;
  return (
    <div className="actions mb-0">
      {refusal.code === 'time_offered' && (
        <button type="button" className="btn btn-outline-primary" onClick={() => form.book('withdraw_offer')}>
          <Trans>Withdraw the offer and book</Trans>
        </button>
      )}
      <button type="button" className="btn btn-outline-primary" onClick={() => form.book('overbook')}>
        {refusal.code === 'limit_reached' ? (
          <Trans>Book beyond the limit</Trans>
        ) : (
          <Trans>Double-book this time</Trans>
        )}
      </button>
    </div>
  );
}

function PhoneForm({ form }: { form: CallerForm }) {
  const { t } = useLingui();
  const [phone, setPhone] = useState('');
  const save = useSavePhone(form.patient?.id ?? '');
  const submit = async () => {
    const patient = await save.mutateAsync(phone).catch(() => null);
    if (!patient) return;
    form.setPatient(patient);
    form.book();
  };
  return (
    <div>
      <label className="form-label" htmlFor="caller-phone">
        {t`Phone number of the patient`}
      </label>
      {save.error && <p className="field-error">{fieldMessage(save.error)}</p>}
      <div className="caller-phone">
        <input
          id="caller-phone"
          type="tel"
          className="form-control"
          autoComplete="off"
          value={phone}
          onChange={(event) => setPhone(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            submit();
          }}
        />
        <button
          type="button"
          className="btn btn-outline-primary"
          aria-busy={save.isPending || undefined}
          onClick={submit}
        >
          <Trans>Save and book</Trans>
        </button>
      </div>
    </div>
  );
}

const fieldMessage = (error: unknown) =>
  (isApiError(error) && error.errors.phone?.join(' ')) || errorText(error);
