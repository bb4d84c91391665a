import type { BookedVisit, VisitType } from '@/shared/api/types';
import { visitFacts } from './visit-facts';

export function VisitSummary({ visit }: { visit: BookedVisit | VisitType }) {
  return (
    <>
      <strong>{visit.name}</strong>
      <span className="d-block">{visitFacts(visit)}</span>
    </>
  );
}
