import type { Observation } from '../osi/machine.js';

/**
 * Why an association was not opened, or is over, as a layer below reliable transfer saw it, and the cause of the refusal if it had not been
 * opened. The line about the association tells it, so these are not lines of their own but for those who look into the layers.
 */
const toldByAssociation: Readonly<Record<string, 'protocol-error' | 'not-served' | 'no-bind'>> = {
  'transport.protocol-error': 'protocol-error',
  'session.protocol-error': 'protocol-error',
  'presentation.protocol-error': 'protocol-error',
  'acse.protocol-error': 'protocol-error',
  'rts.protocol-error': 'protocol-error',
  'transport.refused': 'not-served',
  'session.refused': 'not-served',
  'presentation.refused': 'not-served',
  'acse.refused': 'not-served',
  'rts.refused': 'not-served',
  'transport.not-opened': 'no-bind',
  'transport.disconnected': 'no-bind',
  'session.acknowledgement-overdue': 'no-bind',
};

export interface RefusalReason {
  readonly text: string;
  readonly cause: string;
}

/** Hears what the layers of one association observe, so that one line can say why it did not come about. */
export class LayerFaults {
  #first: RefusalReason | undefined;

  /** The observation at the level at which it is to be logged. */
  heard(observation: Observation): Observation {
    const cause = causeOf(observation);
    if (cause === undefined) return observation;
    const { text } = observation.fields;
    if (text !== undefined) this.#first ??= { text: String(text), cause };
    return { ...observation, level: 'debug' };
  }

  /** Why there was no bind: what a layer saw, or else `text`. */
  refusal(text: string): RefusalReason {
    return this.#first ?? { text, cause: 'no-bind' };
  }
}

function causeOf({ event, fields }: Observation): RefusalReason['cause'] | undefined {
  return fields['event'] === 'invalid CP' ? 'protocol-error' : toldByAssociation[event];
}
