import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { appointmentsHoldsCreate, appointmentsHoldsDestroy } from '@/gen';
import { unwrap } from '@/shared/api/client';

export interface HoldTarget {
  slot: string;
  visitType: string | null;
  patient: string;
}

interface Held extends HoldTarget {
  id: string;
  /** By this device's clock, in milliseconds since 1970. */
  endsAt: number;
}

const isSame = (one: HoldTarget | null, other: HoldTarget | null) =>
  one?.slot === other?.slot && one?.visitType === other?.visitType && one?.patient === other?.patient;

/** Ends a hold. If the request fails, the hold expires. `keepalive`: the page may be closed meanwhile. */
const release = (id: string) =>
  unwrap(appointmentsHoldsDestroy({ path: { hold_id: id }, keepalive: true })).catch(() => null);

/** Holds the chosen time while the desk speaks to the caller; ends the hold when the desk leaves the page. */
export function useDeskHold(target: HoldTarget | null) {
  const [held, setHeld] = useState<Held | null>(null);
  const current = useRef<Held | null>(null);
  const wanted = useRef<HoldTarget | null>(target);
  wanted.current = target;
  const keep = useCallback((next: Held | null) => {
    current.current = next;
    setHeld(next);
  }, []);
  const { mutate, mutateAsync, isPending, error, reset, variables } = useMutation({
    scope: { id: 'desk-hold' }, // one request at a time
    mutationFn: async (request: HoldTarget): Promise<void> => {
      const call = appointmentsHoldsCreate({
        body: {
          slot: request.slot,
          patient: request.patient,
          ...(request.visitType && { visit_type: request.visitType }),
        },
      });
      const hold = await unwrap(call);
      const { response } = await call;
      const there = Date.parse(response?.headers.get('Date') ?? '');
      const offset = Number.isNaN(there) ? 0 : there - Date.now();
      const next = { ...request, id: hold.id, endsAt: Date.parse(hold.held_until) - offset };
      if (isSame(request, wanted.current)) keep(next);
      else await release(hold.id); // another time was chosen meanwhile
    },
  });
  const key = target ? `${target.slot} ${target.visitType} ${target.patient}` : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says all that `target` does
  useEffect(() => {
    const before = current.current;
    if (isSame(before, target)) return;
    // The server replaces the hold of the same patient.
    if (before && before.patient !== target?.patient) release(before.id);
    keep(null);
    if (target) mutate(target);
    else {
      if (before) release(before.id);
      reset();
    }
  }, [key]);
  useEffect(() => {
    const leave = () => {
      if (current.current) release(current.current.id);
      current.current = null;
    };
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      wanted.current = null;
      leave();
    };
  }, []);
  return {
    held: isSame(held, target) ? held : null,
    isPending: isPending && isSame(variables ?? null, target),
    error: target ? error : null,
    /** Holds the same time again, after the hold has ended. */
    renew: () => (target ? mutateAsync(target).catch(() => undefined) : undefined),
    /** Forgets the hold: it has become a booking. */
    forget: () => keep(null),
  };
}
