import { t } from '@lingui/core/macro';
import type { VisitType } from '@/shared/api/types';
import { currentLocale } from '@/shared/locale/locale';
import { duration } from '@/shared/ui/labels';

type Facts = Pick<VisitType, 'mode' | 'price' | 'currency'> & Partial<Pick<VisitType, 'duration_minutes'>>;

/** "30 minutes · By video · £45.00" */
export function visitFacts({ duration_minutes, mode, price, currency }: Facts): string {
  return [
    duration_minutes && duration(duration_minutes),
    modeLabel(mode),
    price !== null && priceLabel(price, currency),
  ]
    .filter(Boolean)
    .join(' · ');
}

export function modeLabel(mode: string): string {
  if (mode === 'video') return t`By video`;
  return mode === 'phone' ? t`By phone` : t`In person`;
}

function priceLabel(price: string, currency: string): string {
  if (Number(price) === 0) return t`Free`;
  return new Intl.NumberFormat(currentLocale(), { style: 'currency', currency }).format(Number(price));
}
