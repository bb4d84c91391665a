import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Bookable } from '@/gen';
import { Choice } from '@/shared/forms/choice';
import { SubmitButton } from '@/shared/forms/submit-button';
import { ErrorMessage } from '@/shared/ui/error-message';
import { QueryView } from '@/shared/ui/query-view';
import { StatusMessage } from '@/shared/ui/status-message';
import { bookableQuery, changesOf, type Switches, switchesOf, useChangeBookable } from './bookable';

/** Switches bookings with a doctor on and off; without an id, with the signed-in doctor. */
export function BookableCard({ doctor }: { doctor?: string }) {
  const { t } = useLingui();
  return (
    <section className="portal-card" aria-labelledby="bookable">
      <h2 id="bookable" className="h5">
        <Trans>Bookings</Trans>
      </h2>
      <p>
        <Trans>
          Changes apply immediately. Booked appointments do not change. If a patient is holding a time that
          can no longer be booked, the hold ends.
        </Trans>
      </p>
      <QueryView query={useQuery(bookableQuery(doctor))} loading={t`Loading what can be booked…`}>
        {(bookable) => <BookableForm bookable={bookable} doctor={doctor} />}
      </QueryView>
    </section>
  );
}

function BookableForm({ bookable, doctor }: { bookable: Bookable; doctor?: string }) {
  const { t } = useLingui();
  const [values, setValues] = useState(() => switchesOf(bookable));
  const [saved, setSaved] = useState<{ text: string }>();
  const change = useChangeBookable(doctor);
  const set = (changes: Partial<Switches>) => setValues({ ...values, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    setSaved(undefined);
    change.mutate(changesOf(bookable, values), {
      onSuccess: () => setSaved({ text: t`Saved. Booked appointments do not change.` }),
    });
  };
  return (
    <form onSubmit={submit}>
      {change.isError && <ErrorMessage error={change.error} />}
      {saved && <StatusMessage status={saved} />}
      <Choice
        id="take-bookings"
        type="checkbox"
        aria-describedby="take-bookings-hint"
        checked={values.isActive}
        onChange={(event) => set({ isActive: event.target.checked })}
      >
        <Trans>Take bookings</Trans>
      </Choice>
      <p id="take-bookings-hint" className="form-text mb-3">
        <Trans>
          If you turn this off, patients cannot find the doctor, and nobody can book, including staff. If the
          doctor is only away for some days, add time off instead.
        </Trans>
      </p>
      <Choice
        id="new-patients"
        type="checkbox"
        aria-describedby="new-patients-hint"
        checked={values.newPatients}
        onChange={(event) => set({ newPatients: event.target.checked })}
      >
        <Trans>Take new patients</Trans>
      </Choice>
      <p id="new-patients-hint" className="form-text mb-3">
        <Trans>
          If you turn this off, only patients who have had an appointment with the doctor can book.
        </Trans>
      </p>
      <VisitTypes bookable={bookable} values={values} onChange={(offered) => set({ offered })} />
      <SubmitButton busy={change.isPending} busyLabel={t`Saving…`}>
        <Trans>Save changes</Trans>
      </SubmitButton>
    </form>
  );
}

interface VisitTypesProps {
  bookable: Bookable;
  values: Switches;
  onChange: (offered: ReadonlySet<string>) => void;
}

function VisitTypes({ bookable: { visit_types }, values: { offered }, onChange }: VisitTypesProps) {
  if (visit_types.length === 0) {
    return (
      <p>
        <Trans>The clinic has no visit types for this doctor. An appointment takes one slot.</Trans>
      </p>
    );
  }
  const toggle = (id: string) => {
    const ids = new Set(offered);
    if (!ids.delete(id)) ids.add(id);
    onChange(ids);
  };
  return (
    <fieldset className="field">
      <legend className="form-label">
        <Trans>Visit types that can be booked</Trans>
      </legend>
      {visit_types.map(({ id, name, who_may_book }) => (
        <Choice
          key={id}
          id={`visit-type-${id}`}
          type="checkbox"
          checked={offered.has(id)}
          onChange={() => toggle(id)}
        >
          {name}
          {who_may_book === 'staff' && (
            <span className="text-body-secondary">
              {' '}
              <Trans>(booked by staff only)</Trans>
            </span>
          )}
        </Choice>
      ))}
      {offered.size === 0 && (
        <p role="status" className="notice notice-warning">
          <Trans>All visit types are turned off, so nothing can be booked.</Trans>
        </p>
      )}
    </fieldset>
  );
}
