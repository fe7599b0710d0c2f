import type { SessionContext } from './context.js';
import { assert } from '../osi/machine.js';
import { TOKENS } from './field-values.js';
import type { SpecificAction } from './state-table/names.js';
import { keepConnectData } from './primitive-actions.js';
import { sendingActions } from './sending-actions.js';

/** How long the peer may take to close the transport connection. X.225 §6.6 */
const RELEASE_TIMER = 'TIM';

/** The numbered actions of X.225 Annex A. Those that set variables which nothing reads in our functional units do nothing. */
export const specificActions: Readonly<Record<SpecificAction, (context: SessionContext) => void>> = {
  '[1]': ({ variables }) => {
    variables.vtca = true;
  },
  '[2]': ({ variables }) => {
    variables.vtca = false;
  },
  '[3]': (context) => {
    context.clearTimer(RELEASE_TIMER);
  },
  '[4]': (context) => {
    context.setTimer(RELEASE_TIMER, context.options.releaseMilliseconds);
  },
  '[5]': ({ variables }) => {
    variables.reset();
  },
  '[6]': nothing, // Only expedited data is ever queued.
  '[7]': nothing, // Vtrr: always false.
  '[8]': nothing, // Vtrr.
  '[9]': nothing, // Vtrr.
  '[11]': moveTokens,
  '[12]': ({ variables }) => {
    variables.vact = true;
  },
  '[13]': ({ variables }) => {
    variables.vnextact = false;
  },
  '[14]': ({ variables }) => {
    variables.vact = variables.vnextact;
  },
  '[16]': nothing, // Vrsp, which nothing reads.
  '[18]': nothing, // Vcoll: releases cannot collide.
  '[22]': ({ variables }) => {
    variables.confirmAll();
  },
  '[23]': ({ variables }) => {
    variables.countReceivedPoint();
  },
  '[24]': ({ variables }) => {
    variables.countSentPoint();
  },
  '[25]': (context) => {
    context.variables.confirm(context.serialNumber());
  },
  '[26]': ({ variables }) => {
    variables.startActivity();
  },
  '[27]': (context) => {
    context.variables.resumeActivity(context.serialNumber());
  },
  '[29]': ({ variables }) => {
    variables.take(TOKENS);
    variables.vact = false;
  },
  '[30]': ({ variables }) => {
    variables.give(TOKENS);
    variables.vact = false;
  },
  '[31]': ({ variables }) => {
    variables.countReceivedEnd();
  },
  '[32]': nothing, // Vdnr: releases cannot collide.
  '[43]': nothing, // Data separation.
  '[50]': keepConnectData,
  '[51]': (context) => {
    while (context.overflow.length > 0) sendingActions.CDO(context);
  },
};

function nothing(): void {
  return;
}

/** [11] Tokens move when the SPDU that moves them is sent or received. */
function moveTokens(context: SessionContext): void {
  const { occurrence, variables } = context;
  switch (occurrence.event) {
    case 'SCONrsp+':
    case 'AC':
      variables.give(TOKENS);
      if (context.initialTokens === context.options.role) variables.take(TOKENS);
      return;
    case 'GT':
      variables.take(occurrence.tokens ?? []);
      return;
    case 'SGTreq':
      variables.give(occurrence.tokens ?? []);
      return;
    case 'GTC':
      variables.take(TOKENS);
      return;
    case 'SCGreq':
      variables.give(TOKENS);
      return;
    default:
      assert(false, `${occurrence.event} moves no tokens`);
  }
}
