import { decode } from '../asn1/type.js';
import { DecodeError } from '../bytes/decode-error.js';
import type { TransferReport } from '../p1/downgrade-report.js';
import { mtsApdu } from '../p1/mts-apdu.js';

/** A report kept as an MTS-APDU without the content that it returns. Throws DecodeError. */
export function decodeReport(octets: Uint8Array): TransferReport {
  const apdu = decode(mtsApdu, octets);
  if (apdu.kind !== 'report') throw new DecodeError('not a report', 'X.411 MTS-APDU', 0);
  return apdu.value;
}
