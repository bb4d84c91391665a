import { lazy, type ReactNode } from 'react';
import type { VisitType } from '@/shared/api/types';
import { useVisitType } from './use-visit-type';

const ChooseVisitType = lazy(async () => ({
  default: (await import('./choose-visit-type')).ChooseVisitType,
}));

interface RequireVisitTypeProps {
  /** The doctor, if already chosen. */
  doctor?: { id: string; display_name: string };
  /** The page shows the doctor above, so the question is not its title. */
  isPartOfPage?: boolean | undefined;
  children: (visitType: VisitType | null) => ReactNode;
}

/** Asks for the visit type first, if there are several. */
export function RequireVisitType({ doctor, isPartOfPage, children }: RequireVisitTypeProps) {
  const { visitType, types, mustChoose } = useVisitType(doctor?.id);
  if (!mustChoose) return children(visitType);
  return <ChooseVisitType types={types} isPartOfPage={isPartOfPage} doctor={doctor?.display_name} />;
}
