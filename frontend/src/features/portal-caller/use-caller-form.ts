import { useState } from 'react';
import type { Choices, FoundPatient, FreeTime } from '@/shared/api/types';
import { type Answers, missingAnswers, relevantAnswers } from '@/shared/visit-types/answers';
import { useBookCaller } from './book-caller';
import type { TimeFilters } from './next-free';
import type { Start } from './start';
import { useDeskHold } from './use-desk-hold';

/** The state of a booking for a caller: patient, visit, filters, the chosen time with its hold. */
export function useCallerForm(choices: Choices, start: Start) {
  const [patient, setPatient] = useState<FoundPatient | null>(start.patient);
  const [visitTypeId, setVisitTypeId] = useState(start.visitType ?? choices.visit_types[0]?.id ?? null);
  const [filters, setFilters] = useState<TimeFilters>({
    ...(start.doctor && { doctor: start.doctor }),
    ...(start.date && { from: start.date }),
  });
  const [chosen, setChosen] = useState<FreeTime | null>(start.time);
  const [reason, setReason] = useState('');
  const [answers, setAnswers] = useState<Answers>({});
  const visitType = choices.visit_types.find(({ id }) => id === visitTypeId) ?? null;
  const hold = useDeskHold(
    patient && chosen ? { slot: chosen.id, visitType: visitType?.id ?? null, patient: patient.id } : null,
  );
  const booking = useBookCaller();
  const choose = (time: FreeTime | null) => {
    setChosen(time);
    booking.reset();
  };
  return {
    patient,
    setPatient,
    visitType,
    setVisitType: (id: string) => {
      setVisitTypeId(id || null);
      choose(null); // the time may not suit another type of visit
    },
    filters: {
      ...filters,
      ...(visitType && { visit_type: visitType.id }),
      ...(patient && { patient: patient.id }),
    } as TimeFilters,
    setFilters: (changes: Partial<TimeFilters>) => setFilters((before) => ({ ...before, ...changes })),
    chosen,
    choose,
    reason,
    setReason,
    answers,
    setAnswer: (question: string, answer: string) =>
      setAnswers((before) => ({ ...before, [question]: answer })),
    missing: () => missingAnswers(visitType, answers),
    hold,
    booking,
    book: (force?: 'overbook' | 'withdraw_offer') => {
      if (!patient || !chosen || booking.isPending) return;
      const order = {
        slot: chosen.id,
        patient: patient.id,
        visitType: visitType?.id ?? null,
        reason: reason.trim(),
        answers: relevantAnswers(visitType, answers),
        hold: hold.held?.id ?? null,
        ...(force && { force }),
      };
      booking.mutate(order, { onSuccess: hold.forget });
    },
  };
}

export type CallerForm = ReturnType<typeof useCallerForm>;
