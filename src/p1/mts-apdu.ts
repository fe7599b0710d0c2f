/** MTS-APDU (X.411, MTSTransferProtocol X.419): what one transfer carries. */
import { choice, implicit } from '../asn1/structured-types.js';
import { context } from '../asn1/tag.js';
import { message, probeTransferEnvelope } from './message-pdu.js';
import { report } from './report-pdu.js';

/** The whole of it in one value, contents included: for display and tests. What is relayed goes through apdu-head.ts. */
export const mtsApdu = choice('MTS-APDU', {
  message: implicit(context(0), message),
  report: implicit(context(1), report),
  probe: implicit(context(2), probeTransferEnvelope),
});
