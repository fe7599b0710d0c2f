import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAcseMachine } from '../../src/acse/machine.js';
import { mtsTransferContext } from '../../src/acse/service.js';
import { fromHex, toHex } from '../../src/bytes/octets.js';
import type { AnyMachine } from '../../src/osi/stack.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import type { ReliableTransferMode } from '../../src/presentation/service.js';
import { FakeSession } from '../presentation/fake-session.js';
import {
  contexts,
  initiatorOptions as presentationInitiator,
  responderOptions as presentationResponder,
} from '../presentation/samples.js';
import { associateRequest, identifier, initiatorOptions, responderOptions } from './samples.js';

interface Vector {
  readonly name: string;
  readonly source: string;
  readonly ppdu: string;
  readonly octets: string;
}

const file = new URL('../../conformance/vectors/presentation.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };

function captured(source: string, ppdu: string): Uint8Array {
  const vector = vectors.find((one) => one.source.startsWith(source) && one.ppdu === ppdu);
  return fromHex(vector?.octets ?? '');
}

function sides(mode: ReliableTransferMode = 'normal'): FakeSession {
  const stack = (...machines: readonly unknown[]) => machines as readonly AnyMachine[];
  return new FakeSession({
    initiator: stack(
      createPresentationMachine({ ...presentationInitiator, modes: [mode] }),
      createAcseMachine({ ...initiatorOptions, mode }),
    ),
    responder: stack(createPresentationMachine(presentationResponder), createAcseMachine(responderOptions)),
  });
}

function calledBy(source: string): FakeSession {
  const session = sides();
  const userData = captured(source, 'CP');
  session.indicate('responder', {
    type: 'S-CONNECT.indication',
    identifier,
    version: 2,
    initialTokens: 'initiator',
    userData,
  });
  return session;
}

/** The first octets of the APDU of reliable transfer that the user was told. */
function information(told: readonly unknown[]): string {
  const [only] = told as readonly { readonly userInformation?: Uint8Array }[];
  return toHex(only?.userInformation ?? fromHex('')).slice(0, 8);
}

describe('a CONNECT of', () => {
  it('PP in normal mode is an association for mts-transfer', () => {
    const told = calledBy('PP 6.0, 1988').told('responder');
    expect(told).toMatchObject([
      { type: 'A-ASSOCIATE.indication', mode: 'normal', contexts, applicationContext: mtsTransferContext },
    ]);
    expect(information(told)).toBe('b0208001');
  });

  it.each(['PP 6.0, 1984', 'ISODE 8 RTSE, X.410-1984'])('%s is an association of X.410-1984 mode', (source) => {
    const told = calledBy(source).told('responder');
    expect(told).toMatchObject([{ type: 'A-ASSOCIATE.indication', mode: 'x410-1984', contexts: [] }]);
    expect(information(told)).toMatch(/^b0..8001$/);
  });

  it.each(['ISODE 8 RTSE, normal', 'PP 6.0, management'])(
    '%s is for another application: AARE says so (A-003)',
    (source) => {
      const session = calledBy(source);
      expect(session.told('responder')).toEqual([]);
      const [response] = session.asked.responder as readonly { readonly userData?: Uint8Array }[];
      expect(response).toMatchObject({ type: 'S-CONNECT.response', result: 'reject', reason: 2 });
      expect(toHex(response?.userData ?? fromHex(''))).toMatch(/a203020101a305a103020102$/);
    },
  );
});

describe('an ACCEPT of', () => {
  it('PP in normal mode confirms the association', () => {
    const session = sides();
    session.request('initiator', associateRequest);
    const userData = captured('PP 6.0, 1988', 'CPA');
    session.indicate('initiator', {
      type: 'S-CONNECT.confirm',
      result: 'accept',
      identifier,
      version: 2,
      initialTokens: 'initiator',
      userData,
    });
    const told = session.told('initiator');
    expect(told).toMatchObject([{ type: 'A-ASSOCIATE.confirm', result: 'accept', contexts }]);
    expect(information(told)).toBe('b1208001');
  });

  it.each(['PP 6.0, 1984', 'ISODE 8 RTSE, X.410-1984'])('%s confirms the association of X.410-1984 mode', (source) => {
    const session = sides('x410-1984');
    session.request('initiator', { ...associateRequest, contexts: [] });
    const userData = captured(source, 'CPA');
    session.indicate('initiator', {
      type: 'S-CONNECT.confirm',
      result: 'accept',
      identifier,
      version: 2,
      initialTokens: 'initiator',
      userData,
    });
    const told = session.told('initiator');
    expect(told).toMatchObject([{ type: 'A-ASSOCIATE.confirm', result: 'accept' }]);
    expect(information(told)).toMatch(/^b1..8001$/);
  });
});
