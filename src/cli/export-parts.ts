/** Body parts as files: text in UTF-8, everything else octet for octet, in pieces, so that none is ever held whole. */
import { latin1Text } from '../bytes/octets.js';
import { contentText } from '../ipms/display.js';
import { headingLines } from '../ipms/display-heading.js';
import type {
  PartData,
  ReadBodyPart,
  ReadContent,
  ReadMessage,
  ReadNotification,
  TextPart,
} from '../ipms/read-content.js';
import type { OctetSource } from '../p1/octet-source.js';
import type { ExportFolder } from './export-folder.js';
import { linesText } from './lines.js';

/** Octets copied at once. */
const pieceOctets = 262_144;

function* piecesOf(source: OctetSource, runs: PartData['runs']): Iterable<Uint8Array> {
  for (const { offset, octets } of runs) {
    for (let done = 0; done < octets; done += pieceOctets) {
      yield source.read(offset + done, Math.min(pieceOctets, octets - done));
    }
  }
}

export function wholePieces(source: OctetSource): Iterable<Uint8Array> {
  return piecesOf(source, [{ offset: 0, octets: source.octets }]);
}

export function textPieces(text: string): Iterable<Uint8Array> {
  return [new TextEncoder().encode(text)];
}

/** Line ends travel as CR LF. */
function withLocalLineEnds(text: string): string {
  return text.replace(/\r\n/g, '\n');
}

/** An ia5-text of any length, as textPieces has a short one. */
function* ia5TextPieces(pieces: Iterable<Uint8Array>): Iterable<Uint8Array> {
  let held = '';
  for (const piece of pieces) {
    const text = held + latin1Text(piece);
    held = text.endsWith('\r') ? '\r' : '';
    yield* textPieces(withLocalLineEnds(text.slice(0, text.length - held.length)));
  }
  yield* textPieces(held);
}

/** Writes every part of a content, those of messages inside it into folders of their own. */
export function exportInterpersonal(source: OctetSource, content: ReadContent, folder: ExportFolder): void {
  const partExport = new PartExport(source);
  if (content.kind === 'message') partExport.parts(content.message, folder);
  else partExport.notification(content.notification, folder);
}

class PartExport {
  readonly #source: OctetSource;

  constructor(source: OctetSource) {
    this.#source = source;
  }

  parts({ parts }: ReadMessage, folder: ExportFolder): void {
    for (const part of parts) this.#part(part, folder);
  }

  #part(part: ReadBodyPart, folder: ExportFolder): void {
    const { kind } = part;
    switch (part.form) {
      case 'text':
        this.#text(part, folder);
        return;
      case 'file': {
        const { name, modifiedMilliseconds } = part.file;
        const octets = piecesOf(this.#source, part.data.runs);
        folder.write({ kind, name, octets, ...(modifiedMilliseconds === undefined ? {} : { modifiedMilliseconds }) });
        return;
      }
      case 'message':
        this.#messageInside(part.message, folder.folder('message'));
        return;
      case 'notification':
        this.notification(part.notification, folder);
        return;
      case 'report':
        folder.write({ kind, name: 'report.ber', octets: piecesOf(this.#source, [part.encoding]) });
        return;
      case 'pages':
        for (const page of part.pages) {
          folder.write({ kind, name: `${kind}.page`, octets: piecesOf(this.#source, page.runs) });
        }
        return;
      case 'octets': {
        const whole = part.data.octets === part.encoding.octets;
        folder.write({
          kind,
          name: `${kind}.${whole ? 'ber' : 'bin'}`,
          octets: piecesOf(this.#source, part.data.runs),
        });
      }
    }
  }

  /** A text too long to be read whole is decoded only where that needs no memory of what went before. */
  #text({ kind, text, data }: TextPart, folder: ExportFolder): void {
    const octets = piecesOf(this.#source, data.runs);
    if (text !== undefined) {
      folder.write({ kind, name: 'text.txt', octets: textPieces(withLocalLineEnds(text)) });
    } else if (kind === 'ia5-text') folder.write({ kind, name: 'text.txt', octets: ia5TextPieces(octets) });
    else folder.write({ kind, name: `${kind}.bin`, octets });
  }

  /** Its heading is content of the message around it. */
  #messageInside(message: ReadMessage, folder: ExportFolder): void {
    folder.write({
      kind: 'heading',
      name: 'heading.txt',
      octets: textPieces(linesText(headingLines(message.heading, 't61'))),
    });
    this.parts(message, folder);
  }

  notification(notification: ReadNotification, folder: ExportFolder): void {
    const { returned, ...withoutReturned } = notification;
    const text = contentText({ kind: 'notification', notification: withoutReturned });
    folder.write({ kind: 'notification', name: 'notification.txt', octets: textPieces(text) });
    if (returned !== undefined) this.#messageInside(returned, folder.folder('returned-message'));
  }
}
