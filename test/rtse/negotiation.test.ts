import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerTo, legalAnswer, legalProposal } from '../../src/rtse/negotiation.js';
import type { NegotiatedValues } from '../../src/rtse/service.js';

const values = (checkpointSizeK: number, windowSize: number): NegotiatedValues => ({ checkpointSizeK, windowSize });

describe('the responder', () => {
  it.each([
    [values(0, 3), values(30, 5), values(30, 3)],
    [values(0, 3), values(0, 5), values(0, 3)],
    [values(63, 3), values(30, 5), values(30, 3)],
    [values(15, 5), values(30, 2), values(15, 2)],
    [values(15, 5), values(0, 5), values(0, 5)],
  ])('answers %o with limits %o by %o (R-008, R-009)', (proposal, limits, answer) => {
    expect(answerTo(proposal, limits)).toEqual(answer);
  });

  it('takes a proposed window below 1 for 1 and remarks it', () => {
    expect(legalProposal(values(5, 0))).toEqual({ values: values(5, 1), outOfRange: ['windowSize'] });
    expect(legalProposal(values(-1, 3))).toEqual({ values: values(0, 3), outOfRange: ['checkpointSize'] });
  });
});

describe('the initiator', () => {
  it.each([
    [values(0, 3), values(30, 3), values(30, 3), []],
    [values(0, 3), values(0, 1), values(0, 1), []],
    [values(10, 3), values(10, 3), values(10, 3), []],
    [values(10, 3), values(4, 2), values(4, 2), []],
    [values(10, 3), values(0, 3), values(0, 3), []],
    [values(10, 2), values(30, 3), values(10, 2), ['checkpointSize', 'windowSize']],
    [values(10, 2), values(10, 0), values(10, 1), ['windowSize']],
  ])('having offered %o takes the answer %o as %o, out of range: %o (R-008, R-009)', (proposal, said, taken, wrong) => {
    expect(legalAnswer(said, proposal)).toEqual({ values: taken, outOfRange: wrong });
  });
});

describe('both ends', () => {
  it('agree, whatever was proposed and wanted, and never above either (R-008, R-009)', () => {
    const any = fc.record({ checkpointSizeK: fc.nat(100), windowSize: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(any, any, (proposal, limits) => {
        const answer = answerTo(proposal, limits);
        expect(legalAnswer(answer, proposal)).toEqual({ values: answer, outOfRange: [] });
        expect(answer.windowSize).toBeLessThanOrEqual(Math.min(proposal.windowSize, limits.windowSize));
        expect(answer.checkpointSizeK).toBeLessThanOrEqual(limits.checkpointSizeK);
        if (proposal.checkpointSizeK > 0) expect(answer.checkpointSizeK).toBeLessThanOrEqual(proposal.checkpointSizeK);
      }),
    );
  });
});
