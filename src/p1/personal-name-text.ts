/** The shortcut for personal names (RFC 2156, encoded-pn): `Given.I.I.Surname`. */

/**
 * The labelled parts of a name, or undefined where the text is none: a given name has at least two characters, an initial one; what is left
 * is the surname, which has no dot among its first two characters, and none at all where it stands alone.
 */
export function splitPersonalName(text: string): Readonly<Record<string, string>> | undefined {
  const parts = text.split('.');
  const alone = parts.length === 1;
  const givenName = !alone && (parts[0] ?? '').length > 1 ? parts.shift() : undefined;
  let initials = '';
  while (parts.length > 1 && /^[A-Za-z]$/.test(parts[0] ?? '')) initials += parts.shift() ?? '';
  const surname = parts.join('.');
  if (surname === '' || surname.slice(0, 2).includes('.')) return undefined;
  return {
    S: surname,
    ...(givenName === undefined ? {} : { G: givenName }),
    ...(initials === '' ? {} : { I: initials }),
  };
}
