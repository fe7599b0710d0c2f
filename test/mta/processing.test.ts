import { describe, expect, it } from 'vitest';
import { process } from '../../src/mta/processing.js';
import { bob } from '../simulation/pair.js';
import { arrivalFromAlpha, contextOfBeta } from './support/submitted.js';

const nobody = 'C=GB;ADMD= ;PRMD=BETA;S=Nobody';

describe('what follows from a message that has arrived', () => {
  it('is a delivery for each mailbox and a report for each recipient that there is not (X.411 §14.3)', () => {
    const { messages, failed } = process(arrivalFromAlpha([bob, nobody]), contextOfBeta());
    expect(messages.map(({ kind }) => kind)).toEqual(['message', 'report']);
    expect(messages[0]?.deliveries).toMatchObject([{ mailbox: 'bob', recipient: 0 }]);
    expect(messages[0]?.duplicateKeys.length).toBe(2);
    expect(messages[1]?.copies).toMatchObject([{ connector: 'alpha' }]);
    expect(failed).toEqual([expect.stringContaining('1/0')]);
  });

  it('is nothing for a recipient that has been served before', () => {
    const arrival = arrivalFromAlpha([bob, nobody]);
    const [message] = process(arrival, contextOfBeta()).messages;
    const [key = ''] = message?.duplicateKeys ?? [];
    const again = process(arrival, contextOfBeta(), new Set([key]));
    expect(again.messages.map(({ kind }) => kind)).toEqual(['report']);
    expect(process(arrival, contextOfBeta(), new Set(message?.duplicateKeys)).messages).toEqual([]);
  });

  it('is only for the recipients that are asked for, where that is said', () => {
    const arrival = { ...arrivalFromAlpha([bob, bob, nobody]), recipients: [1] };
    const { messages, failed } = process(arrival, contextOfBeta());
    expect(messages.map(({ deliveries }) => deliveries.map(({ recipient }) => recipient))).toEqual([[1]]);
    expect(failed).toEqual([]);
  });
});
