import type { AssociationRefusal } from '../acse/service.js';
import { assert } from '../osi/machine.js';
import { encodeRtab } from './codec.js';
import { as, type RtpmEvent } from './events.js';
import type { Association, Part } from './part.js';
import type { AbortReason, RtseIndication } from './service.js';
import type { EndAction, EndPredicate, State } from './state-table/names.js';

/** Seconds for which a peer is left alone that reports a temporary problem (X.228: a locally chosen time). */
const temporaryProblemPauseSeconds = 10;

/** Why the association is over. */
export interface End {
  readonly origin: 'peer' | 'local';
  readonly cause: 'transport' | 'protocol' | 'abort';
  readonly reason?: AbortReason;
  readonly text: string;
  readonly isRecoverable: boolean;
  /** The peer will not go on with the APDU that was under way. */
  readonly isTransferForgotten: boolean;
  readonly pauseSeconds?: number;
  /** Where it was an association being opened. */
  readonly refusalSource: AssociationRefusal['source'];
  readonly userData?: Uint8Array;
}

/** After these nobody recovers; after the others the initiator may. */
const finalReasons: readonly AbortReason[] = ['unrecognized-activity', 'permanent-problem', 'user-error'];

/** Only an association with a user on both sides, and not about to be released, can be recovered. */
const unrecoverableStates: readonly State[] = ['0', '1', '2', 'S6', 'R3'];

/** Aborts of either side and of the provider (X.228 §7.7.3, §7.7.4, §7.9). */
export class Ending implements Part<EndPredicate, EndAction> {
  readonly #association: Association;
  #end: End | undefined;

  constructor(association: Association) {
    this.#association = association;
  }

  get end(): End {
    assert(this.#end !== undefined, 'the association has not ended');
    return this.#end;
  }

  readonly predicates: Part<EndPredicate, EndAction>['predicates'] = {
    'abort reason 6': (event) => as(event, 'RTAB').apdu?.reason === 'user-error',
    'abort reason 7': (event) => as(event, 'RTAB').apdu?.reason === 'transfer-completed',
  };

  readonly actions: Part<EndPredicate, EndAction>['actions'] = {
    'RTAB 0': (_event, state) => {
      this.#abort('local-system-problem', 'no answer from the peer', state);
    },
    'RTAB 2': () => {
      this.#abort('unrecognized-activity', 'resumption of an activity that is not known here', 'final');
    },
    'RTAB 3': () => {
      this.#abort('temporary-problem', 'the receiver can take nothing now', 'final');
      this.#end = { ...this.end, isTransferForgotten: true, pauseSeconds: temporaryProblemPauseSeconds };
    },
    'RTAB 4': (event, state) => {
      const { text } = as(event, 'protocol error');
      this.#association.effects.observe('rts.protocol-error', 'warn', { state, text });
      this.#abort('protocol-error', text, state);
      this.#end = { ...this.end, cause: 'protocol' };
    },
    'RTAB 6': (event) => {
      const { userData } = as(event, 'RT-U-ABORT.request').request;
      this.#abort('user-error', 'aborted by our user', 'final', userData);
    },
    'RTAB 7': () => {
      this.#abort('transfer-completed', 'discard of an APDU that has been taken over', 'final');
    },
    RTAB: (event, state) => {
      const { reason } = as(event, 'RT-P-ABORT.request').request;
      assert(reason !== 'user-error', 'a user error is reported by RT-U-ABORT.request');
      this.#abort(reason, 'aborted at our request', finalReasons.includes(reason) ? 'final' : state);
    },
    'note end': (event, state) => {
      this.#end =
        event.name === 'A-P-ABORT'
          ? endByProvider(event, !unrecoverableStates.includes(state))
          : endByPeer(as(event, 'RTAB'), !unrecoverableStates.includes(state));
    },
    'RT-U-ABORT.ind': () => {
      const { userData } = this.end;
      this.#association.effects.above({
        type: 'RT-U-ABORT.indication',
        ...(userData === undefined ? {} : { userData }),
      });
    },
    'RT-P-ABORT.ind': () => {
      this.#indicate(this.end);
    },
    'RT-OPEN.cnf- aborted': () => {
      const { refusalSource, reason, text } = this.end;
      const transient = reason === undefined || !finalReasons.includes(reason);
      this.#association.effects.above({
        type: 'RT-OPEN.confirm',
        result: 'reject',
        refusal: { source: refusalSource, transient, text },
      });
    },
  };

  #abort(reason: AbortReason, text: string, state: State | 'final', userData?: Uint8Array): void {
    const isFinal = state === 'final';
    this.#end = {
      origin: 'local',
      cause: 'abort',
      reason,
      text,
      isRecoverable: !isFinal && !unrecoverableStates.includes(state),
      isTransferForgotten: finalReasons.includes(reason),
      refusalSource: 'acse-provider',
    };
    this.#association.effects.below({
      type: 'A-ABORT.request',
      userInformation: encodeRtab(this.#wireReason(reason), userData),
    });
  }

  /** In X.410-1984 mode reasons 5 and 6 do not exist. */
  #wireReason(reason: AbortReason): AbortReason {
    return this.#association.mode !== 'normal' && reason === 'permanent-problem' ? 'local-system-problem' : reason;
  }

  #indicate(end: End): void {
    const { origin, cause, reason, text, isRecoverable, pauseSeconds } = end;
    const indication: RtseIndication = {
      type: 'RT-P-ABORT.indication',
      origin,
      cause,
      ...(reason === undefined ? {} : { reason }),
      recoverable: isRecoverable,
      ...(pauseSeconds === undefined ? {} : { pauseSeconds }),
      text,
    };
    this.#association.effects.above(indication);
  }
}

function endByProvider({ indication }: Extract<RtpmEvent, { name: 'A-P-ABORT' }>, isRecoverable: boolean): End {
  return {
    origin: indication.origin,
    cause: indication.cause === 'transport' ? 'transport' : 'protocol',
    text: indication.text,
    isRecoverable,
    isTransferForgotten: false,
    refusalSource: indication.cause,
  };
}

/** Without an RTAB it counts as localSystemProblem, from the provider of ACSE as a provider abort. */
function endByPeer({ source, apdu }: Extract<RtpmEvent, { name: 'RTAB' }>, isRecoverable: boolean): End {
  const reason = apdu?.reason;
  const isFinal = reason !== undefined && finalReasons.includes(reason);
  const reflected = apdu?.reflectedParameter === undefined ? '' : ` (parameters ${apdu.reflectedParameter.join(', ')})`;
  return {
    origin: 'peer',
    cause: source === 'user' ? 'abort' : 'protocol',
    ...(reason === undefined ? {} : { reason }),
    text: `aborted by the peer: ${reason ?? 'no reason given'}${reflected}`,
    isRecoverable: isRecoverable && !isFinal,
    isTransferForgotten: isFinal,
    ...(reason === 'temporary-problem' ? { pauseSeconds: temporaryProblemPauseSeconds } : {}),
    refusalSource: source === 'user' ? 'acse-user' : 'acse-provider',
    ...(apdu?.userData === undefined ? {} : { userData: apdu.userData }),
  };
}
