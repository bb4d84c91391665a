/** The query parameters of a page with times that stay when its filters change. */
const PRESERVED = ['visit_type', 'specialty', 'by', 'from'];

/** The query parameters of the page without filters, chosen time and page number. */
export const preservedParams = (params: URLSearchParams): URLSearchParams =>
  new URLSearchParams([...params].filter(([name]) => PRESERVED.includes(name)));
