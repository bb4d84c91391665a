/** Signs a search for times to move a booking to. All others are anonymous, so that the server can cache them. */
export const signForMove = ({ moving }: { moving?: string }) =>
  moving ? { security: [{ scheme: 'bearer' as const, type: 'http' as const }] } : {};
