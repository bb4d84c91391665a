/** The version of a response, for the If-Match header. A proxy that compresses the response makes its ETag weak. */
export const versionOf = (response: Response | undefined) =>
  response?.headers.get('ETag')?.replace('W/', '') ?? '*';
