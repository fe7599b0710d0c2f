/** Names for files whose names came from senders (X.420 file-transfer): whatever they say, the result is one harmless name. */

/** Octets in UTF-8; common file systems take 255. */
export const fileNameOctetsMax = 200;

const fallbackName = 'attachment';

/** Names that one common system takes for devices, whatever their extension. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** Controls, invisible characters that turn the direction of text, and lone surrogates. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd\ud800-\udfff]/gu;

const forbidden = /[<>:"|?*]/g;

const encoder = new TextEncoder();

function octetsInUtf8(text: string): number {
  return encoder.encode(text).length;
}

/** As many whole characters as fit. */
function cut(text: string, octetsMax: number): string {
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(octetsMax)).read);
}

/** The last dot divides; a long extension is none. */
function divided(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  if (extension === '' || octetsInUtf8(extension) > 20) return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension };
}

function trimmed(text: string): string {
  return text.replace(/^[. ]+|[. ]+$/g, '');
}

function harmless(sent: string): string {
  const components = sent.replace(unprintable, '').split(/[/\\]/).map(trimmed);
  const last = (components.findLast((component) => component !== '') ?? '').replace(forbidden, '_');
  const { stem, extension } = divided(last === '' ? fallbackName : last);
  const name = trimmed(cut(stem, fileNameOctetsMax - octetsInUtf8(extension)) + extension);
  return deviceName.test(name) ? `_${name}` : name;
}

/** How names are compared: some file systems do not tell cases or compositions apart. */
function comparable(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/**
 * The name under which to write a file (IPM-026): the last component of what was sent, without control characters, leading or trailing
 * dots and spaces, of at most `fileNameOctetsMax` octets; numbered, `a (2).txt`, when `taken` has it. The caller adds it to `taken`.
 */
export function fileNameFor(sent: string | undefined, taken: ReadonlySet<string>): string {
  const name = harmless(sent ?? '');
  const used = new Set(Array.from(taken, comparable));
  if (!used.has(comparable(name))) return name;
  const { stem, extension } = divided(name);
  for (let number = 2; ; number++) {
    const tail = ` (${String(number)})${extension}`;
    const numbered = cut(stem, fileNameOctetsMax - octetsInUtf8(tail)) + tail;
    if (!used.has(comparable(numbered))) return numbered;
  }
}
