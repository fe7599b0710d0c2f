import type { SessionContext } from './context.js';
import { ENCLOSURE_END } from './codec.js';
import { announcesOverflow, overflows, refusal } from './establishment.js';
import type { SessionPredicate } from './state-table/names.js';

/** How the predicates of X.225 Annex A come out with our functional units; those of units that we never select are constant. */
export const predicates: Readonly<Record<SessionPredicate, (context: SessionContext) => boolean>> = {
  p01: ({ variables }) => !variables.vtca,
  p02: () => false, // Our choice: a transport connection is never used again.
  p03: ({ variables }) => variables.owns('data'),
  p04: () => false, // Full duplex.
  p05: ({ variables }) => !variables.owns('data'),
  p10: () => true, // Releases cannot collide as long as there are tokens.
  p11: ({ variables }) => variables.owns('major-activity'),
  p14: ({ variables }) => variables.vact && !variables.owns('data') && !variables.owns('synchronize-minor'),
  p15: ({ variables }) => variables.vact && variables.owns('data') && variables.owns('synchronize-minor'),
  p16: () => true, // No transport expedited.
  p17: ({ variables }) => variables.vact && !variables.vsc,
  p18: ({ variables }) => variables.vact && variables.vsc,
  p19: (context) => context.serialNumber() === context.variables.vm,
  p20: (context) => context.serialNumber() === context.variables.vm - 1,
  p21: (context) => context.variables.awaitsConfirmation(context.serialNumber()),
  p34: () => true, // Activity management.
  p38: () => true, // Activity management, no transport expedited.
  p39: ({ variables }) => variables.vact && variables.owns('major-activity'),
  p40: ({ variables }) => !variables.owns('major-activity'),
  p44: ({ variables }) => !variables.vact && variables.ownsNone(),
  p45: ({ variables }) => !variables.vact && variables.ownsAll(),
  p48: () => true, // Exceptions, half-duplex.
  p50: ({ variables }) => variables.vact && !variables.owns('data'),
  p51: ({ variables }) => variables.vact && variables.owns('data'),
  p52: () => false, // No activity management.
  p53: () => true, // No release token: it has no name here, and its bit is masked on receipt.
  p54: (context) => givesOwn(context),
  p55: ({ variables }) => !variables.vact && variables.ownsAll(),
  p57: (context) => givesOwn(context) && !givesData(context),
  p58: (context) => givesOwn(context) && givesData(context),
  p59: (context) => givesOther(context),
  p60: (context) => givesOther(context) && !givesData(context),
  p61: (context) => givesOther(context) && givesData(context),
  p62: ({ variables }) => !variables.vact && variables.ownsNone(),
  p63: ({ variables }) => !variables.vact && variables.ownsAll(),
  p64: () => false, // Our choice, as p02.
  p65: () => true, // Some token is available.
  p66: () => false, // Vtrr: we always set it false.
  p68: ({ variables }) => !variables.vact && variables.ownsNone(),
  p69: () => false, // As p10.
  p70: () => false, // Full duplex.
  p71: ({ variables }) => variables.vact && variables.ownsAll(),
  p72: ({ variables }) => variables.vact && variables.ownsNone(),
  p75: () => true, // As p10.
  p76: (context) => refusal(context.received('CN'), context.options) !== undefined,
  p202: (context) => (context.received('CDO').enclosureItem & ENCLOSURE_END) !== 0,
  p204: (context) => hasOverflow(context),
};

function givesOwn({ occurrence, variables }: SessionContext): boolean {
  return occurrence.tokens?.every((token) => variables.owns(token)) === true;
}

function givesOther({ occurrence, variables }: SessionContext): boolean {
  return occurrence.tokens?.every((token) => !variables.owns(token)) === true;
}

function givesData({ occurrence }: SessionContext): boolean {
  return occurrence.tokens?.includes('data') === true;
}

/** Of the CONNECT that came, or of the one that we are about to send. */
function hasOverflow({ occurrence, connectRequest }: SessionContext): boolean {
  if (occurrence.spdu?.spdu === 'CN') return announcesOverflow(occurrence.spdu);
  return connectRequest !== undefined && overflows(connectRequest);
}
