import { fromHex } from '../../../src/bytes/octets.js';
import type { SessionRequest } from '../../../src/session/service.js';
import { CONNECT_HEX, CONNECT_REQUEST, connectedInitiator, connectedResponder, End } from './end.js';

const START: SessionRequest = { type: 'S-ACTIVITY-START.request', activityIdentifier: fromHex('020101') };
const AS = '01002d052903020101';

function calling(octets = 3): End {
  const end = new End('initiator');
  end.request({ ...CONNECT_REQUEST, userData: new Uint8Array(octets) });
  end.transport({ type: 'T-CONNECT.confirm' });
  return end;
}

function initiatorAfter(...requests: SessionRequest[]): End {
  const end = connectedInitiator();
  end.request(...requests);
  return end;
}

export function responderAfter(...tsdus: string[]): End {
  const end = connectedResponder();
  end.receive(...tsdus);
  return end;
}

function complaining(): End {
  const end = responderAfter(AS);
  end.request({ type: 'S-U-EXCEPTION-REPORT.request', reason: 1 });
  return end;
}

function recovering(): End {
  const end = initiatorAfter(START);
  end.receive('02003003320101');
  return end;
}

function called(): End {
  const end = new End('responder');
  end.transport({ type: 'T-CONNECT.indication' });
  end.receive(CONNECT_HEX);
  return end;
}

/** A machine in each state in which its user knows of a session connection. */
export const inState: Readonly<Record<string, () => End>> = {
  '02A': () => calling(),
  '02B': () => calling(20_000),
  '08': called,
  '713': () => connectedInitiator(),
  '04B': () => initiatorAfter(START, { type: 'S-ACTIVITY-END.request' }),
  '05B': () => initiatorAfter(START, { type: 'S-ACTIVITY-INTERRUPT.request', reason: 0 }),
  '05C': () => initiatorAfter(START, { type: 'S-ACTIVITY-DISCARD.request', reason: 0 }),
  '10B': () => responderAfter(AS, '010029032a0131'),
  '11B': () => responderAfter(AS, '01001900'),
  '11C': () => responderAfter(AS, '01003900'),
  '18': () => initiatorAfter({ type: 'S-CONTROL-GIVE.request' }),
  '19': complaining,
  '20': recovering,
  '03': () => initiatorAfter({ type: 'S-RELEASE.request' }),
  '09': () => responderAfter('0903110101'),
};
