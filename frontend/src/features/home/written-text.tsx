interface WrittenTextProps {
  /** From the API: the server writes it from Markdown in which HTML is not understood. */
  html: string;
  className?: string;
}

/** A text that the clinic has written, with paragraphs, lists and links. */
export function WrittenText({ html, className }: WrittenTextProps) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the server has escaped it
  return <div className={className} dangerouslySetInnerHTML={{ __html: html }} />;
}
