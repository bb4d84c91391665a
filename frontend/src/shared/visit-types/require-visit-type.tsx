import { lazy, type ReactNode } from 'react';
import type { VisitType } from '@/shared/api/types';
import { useVisitType } from './use-visit-type';

const ChooseVisitType = lazy(async () => ({
  default: (await import('./choose-visit-type')).ChooseVisitType,
}));

interface RequireVisitTypeProps {
  /** The doctor, if already chosen. */
  doctor?: { id: string; display_name: string };
  children: (visitType: VisitType | null) => ReactNode;
}

/** Asks for the visit type first, if there are several. */
export function RequireVisitType({ doctor, children }: RequireVisitTypeProps) {
  const { visitType, types, mustChoose } = useVisitType(doctor?.id);
  if (!mustChoose) return children(visitType);
  return <ChooseVisitType types={types}>{doctor && <p>{doctor.display_name}</p>}</ChooseVisitType>;
}
