import { DecodeError } from '../bytes/decode-error.js';
import { assert } from '../osi/machine.js';
import { contextAccepted, contextRejectedByProvider, type ContextDefinition, type ContextResult } from './pdu.js';
import { berTransferSyntax, type PresentationContext } from './service.js';

/** Values of Provider-reason in a context result list. */
const abstractSyntaxNotSupported = 1;
const transferSyntaxesNotSupported = 2;

/** The defined context set (X.216): which number stands for which abstract syntax on this connection; all use BER. */
export class DefinedContextSet {
  static readonly empty = new DefinedContextSet([]);

  readonly members: readonly PresentationContext[];

  constructor(members: readonly PresentationContext[]) {
    this.members = members;
  }

  /** Only with one member may data come simply encoded (X.226 §8.4). */
  get onlyMember(): PresentationContext | undefined {
    return this.members.length === 1 ? this.members[0] : undefined;
  }

  /** The context for data of ours. */
  identifierOf(abstractSyntax: string): number {
    const member = this.members.find((context) => context.abstractSyntax === abstractSyntax);
    assert(member !== undefined, () => `no presentation context for ${abstractSyntax}`);
    return member.identifier;
  }

  memberOf(identifier: number): PresentationContext | undefined {
    return this.members.find((context) => context.identifier === identifier);
  }

  /** The abstract syntax of a peer's data. Throws DecodeError if the context is not defined. */
  abstractSyntaxOf(identifier: number, offset: number): string {
    const member = this.memberOf(identifier);
    if (member === undefined) {
      throw new DecodeError(`presentation context ${identifier} is not defined`, 'X.226 §8.4', offset);
    }
    return member.abstractSyntax;
  }
}

export interface ContextAnswer {
  readonly accepted: DefinedContextSet;
  /** One element for each proposed context, in order (X.226 §6.2). */
  readonly results: readonly ContextResult[];
}

/** Our answer to what a peer proposed. */
export function answerContexts(
  proposed: readonly ContextDefinition[],
  abstractSyntaxes: readonly string[],
): ContextAnswer {
  const accepted: PresentationContext[] = [];
  const results = proposed.map(({ identifier, abstractSyntax, transferSyntaxes }): ContextResult => {
    if (!abstractSyntaxes.includes(abstractSyntax)) {
      return { result: contextRejectedByProvider, providerReason: abstractSyntaxNotSupported };
    }
    if (!transferSyntaxes.includes(berTransferSyntax)) {
      return { result: contextRejectedByProvider, providerReason: transferSyntaxesNotSupported };
    }
    accepted.push({ identifier, abstractSyntax });
    return { result: contextAccepted, transferSyntax: berTransferSyntax };
  });
  return { accepted: new DefinedContextSet(accepted), results };
}

/** Throws DecodeError if one number stands for two contexts. */
export function expectDistinct(proposed: readonly ContextDefinition[]): void {
  if (new Set(proposed.map(({ identifier }) => identifier)).size === proposed.length) return;
  throw new DecodeError('a presentation context identifier is used twice', 'X.226 §6.2', 0);
}

/** What is defined after the peer's answer to our proposal. Throws DecodeError if it does not answer that proposal. */
export function contextsAnswered(
  proposed: readonly PresentationContext[],
  results: readonly ContextResult[],
): DefinedContextSet {
  if (results.length !== proposed.length) {
    throw new DecodeError(`${results.length} results for ${proposed.length} contexts`, 'X.226 §6.2', 0);
  }
  const accepted = proposed.filter((_, i) => {
    const answer = results[i];
    if (answer?.result !== contextAccepted) return false;
    if (answer.transferSyntax !== undefined && answer.transferSyntax !== berTransferSyntax) {
      throw new DecodeError('a transfer syntax that was not offered', 'X.226 §6.2', 0);
    }
    return true;
  });
  return new DefinedContextSet(accepted);
}
