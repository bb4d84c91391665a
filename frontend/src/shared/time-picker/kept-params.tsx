import { useSearchParams } from 'react-router';

/** The parameters of a page with times that its filters keep. */
const KEPT = ['visit_type', 'specialty', 'by', 'from'];

/** Hidden fields of a form that keep parameters of the page. */
export function KeptParams({ except }: { except?: string }) {
  const [params] = useSearchParams();
  return KEPT.map((name) => {
    const value = params.get(name);
    return value && name !== except && <input key={name} type="hidden" name={name} value={value} />;
  });
}

/** The query string of the page without filters and chosen time. */
export function withoutFilters(params: URLSearchParams): string {
  const kept = new URLSearchParams([...params].filter(([name]) => KEPT.includes(name)));
  return `?${kept}`;
}
