import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import * as z from 'zod/mini';
import {
  appointmentsSeriesCancelCreate,
  appointmentsSeriesCancelPreviewCreate,
  type BookingPanel as Booking,
  type CancelInputRequest,
} from '@/gen';
import { unwrap } from '@/shared/api/client';
import { ErrorSummary } from '@/shared/forms/error-summary';
import { SubmitButton } from '@/shared/forms/submit-button';
import { useApiForm } from '@/shared/forms/use-api-form';
import { useAnnounce } from '@/shared/staff/announcements';
import { PORTAL, useRefreshPortal } from '@/shared/staff/portal-data';
import { shortDateTime } from '@/shared/times/format';
import { QueryView } from '@/shared/ui/query-view';
import { Dialog } from './cancel-dialog';
import { ReasonFields, reasonRules, reasonsOf } from './reason-fields';
import { Section, type SectionLevel } from './section';

/** That the visit belongs to a series, and what can be done with those that follow. */
export function SeriesSection({ booking, level }: { booking: Booking; level: SectionLevel }) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={t`Recurring visit`} level={level}>
      <p>
        <Trans>This visit belongs to a series.</Trans>
      </p>
      <button type="button" className="btn btn-outline-danger btn-sm" onClick={() => setOpen(true)}>
        <Trans>Cancel this and the following visits…</Trans>
      </button>
      {isOpen && <CancelSeriesDialog booking={booking} close={() => setOpen(false)} />}
    </Section>
  );
}

function CancelSeriesDialog({ booking, close }: { booking: Booking; close: () => void }) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const refresh = useRefreshPortal();
  const target = { path: { series_id: booking.series ?? '' } };
  const preview = useQuery({
    queryKey: [...PORTAL, 'booking', booking.id, 'series'],
    queryFn: () =>
      unwrap(appointmentsSeriesCancelPreviewCreate({ ...target, body: { from_booking: booking.id } })),
  });
  const cancel = useMutation({
    mutationFn: (reasons: CancelInputRequest) =>
      unwrap(appointmentsSeriesCancelCreate({ ...target, body: { ...reasons, from_booking: booking.id } })),
    onSettled: refresh,
  });
  const { form, submit } = useApiForm({
    schema: () => reasonRules(z.object({ reason: z.string(), readers: z.string() })),
    defaults: { reason: '', readers: '' },
    save: async (values) => {
      await cancel.mutateAsync(reasonsOf(values));
      close();
      announce({
        text: t`${booking.patient.name}: visits of the series cancelled. We will tell the patient.`,
      });
    },
  });
  return (
    <Dialog close={close} title={t`Cancel this and the following visits?`}>
      <form onSubmit={submit} noValidate>
        <ErrorSummary state={form.formState} />
        <QueryView query={preview} loading={t`Loading the visits…`}>
          {({ instances }) => (
            <>
              <p>
                <Plural
                  value={instances.filter(({ code }) => !code).length}
                  one="# visit will be cancelled:"
                  other="# visits will be cancelled:"
                />
              </p>
              <ul className="booking-visits">
                {instances.map(({ number, booking: visit, message }) => (
                  <li key={number}>
                    {visit ? (
                      <Link to={`/portal/bookings/${visit.id}`} onClick={close}>
                        {shortDateTime(visit)}
                      </Link>
                    ) : (
                      number
                    )}
                    {message && <span className="text-body-secondary">{message}</span>}
                  </li>
                ))}
              </ul>
            </>
          )}
        </QueryView>
        <ReasonFields form={form} />
        <div className="actions">
          <SubmitButton busy={form.formState.isSubmitting} busyLabel={t`Cancelling…`}>
            <Trans>Cancel these visits</Trans>
          </SubmitButton>
          <button type="button" className="btn btn-outline-primary btn-lg" onClick={close}>
            <Trans>Keep them</Trans>
          </button>
        </div>
      </form>
    </Dialog>
  );
}
