import { lazy, type ReactNode } from 'react';
import type { VisitType } from '@/shared/api/types';
import { useVisitType } from './use-visit-type';

const ChooseVisitType = lazy(async () => ({
  default: (await import('./choose-visit-type')).ChooseVisitType,
}));

interface FirstWhatForProps {
  /** With whom, where that is known already. */
  doctor?: { id: string; display_name: string };
  children: (visitType: VisitType | null) => ReactNode;
}

/** Asks what the visit is for before anything else, where that is a question. */
export function FirstWhatFor({ doctor, children }: FirstWhatForProps) {
  const { visitType, types, toChoose } = useVisitType(doctor?.id);
  if (!toChoose) return children(visitType);
  return <ChooseVisitType types={types}>{doctor && <p>{doctor.display_name}</p>}</ChooseVisitType>;
}
