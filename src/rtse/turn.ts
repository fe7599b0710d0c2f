import { rtseAbstractSyntax } from '../presentation/service.js';
import type { Token } from '../session/service.js';
import { encodeRttp } from './codec.js';
import { as, type RtpmEvent } from './events.js';
import type { Association, Part } from './part.js';
import type { TurnAction, TurnPredicate } from './state-table/names.js';

const allTokens: readonly Token[] = ['data', 'synchronize-minor', 'major-activity'];

/** The turn (X.228 §7.4, §7.5): all three tokens together, by S-CONTROL-GIVE. */
export class Turn implements Part<TurnPredicate, TurnAction> {
  readonly #association: Association;
  /** Tokens that the peer has given one by one, which it should not. */
  #tokens: readonly Token[] = [];
  /** The most urgent priority asked for since the turn is ours. */
  #askedPriority: number | undefined;
  /** Our own wish for the turn that session cannot carry just now. */
  #keptPriority: number | undefined;

  constructor(association: Association) {
    this.#association = association;
  }

  readonly predicates: Part<TurnPredicate, TurnAction>['predicates'] = {
    'all tokens ours': (event) => {
      const tokens = this.#with(event);
      return allTokens.every((token) => tokens.includes(token));
    },
  };

  readonly actions: Part<TurnPredicate, TurnAction>['actions'] = {
    GTC: () => {
      this.#askedPriority = undefined;
      this.#association.effects.below({ type: 'S-CONTROL-GIVE.request' });
    },
    PT: (event) => {
      this.#please(as(event, 'RT-TURN-PLEASE.request').request.priority);
    },
    'keep PT': (event) => {
      this.#keptPriority = as(event, 'RT-TURN-PLEASE.request').request.priority;
    },
    'send kept PT': () => {
      if (this.#keptPriority !== undefined) this.#please(this.#keptPriority);
    },
    'RT-TURN-PLEASE.ind': (event) => {
      const priority = Math.min(as(event, 'RTTP').priority, this.#askedPriority ?? Infinity);
      this.#askedPriority = priority;
      this.#association.effects.above({ type: 'RT-TURN-PLEASE.indication', priority });
    },
    'take tokens': (event) => {
      this.#tokens = this.#with(event);
    },
    'RT-TURN-GIVE.ind': () => {
      this.#tokens = [];
      this.#association.effects.above({ type: 'RT-TURN-GIVE.indication' });
    },
  };

  #with(event: RtpmEvent): readonly Token[] {
    return [...this.#tokens, ...as(event, 'GT').tokens];
  }

  #please(priority: number): void {
    this.#keptPriority = undefined;
    this.#association.effects.below({
      type: 'P-TOKEN-PLEASE.request',
      tokens: ['data'],
      userData: { abstractSyntax: rtseAbstractSyntax, octets: encodeRttp(priority) },
    });
  }
}
