const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand in XML and HTML, also within an attribute. Controls that XML forbids become question marks. */
export function markupText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '').replace(/[^\t\n\r\x20-\ufffd]/g, '?');
}
