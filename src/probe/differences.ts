/** What a peer that let us in answered, against what is configured: each difference with its effect. */
import { windowBound } from '../advice/line-model.js';
import type { Connector } from '../config/site.js';
import { selectorLayersOf, selectorText } from '../config/selectors.js';
import { mtsTransferContext } from '../acse/service.js';
import type { Explanation, LiveRow } from './live-row.js';
import type { PeerAnswer, ProbeReport } from './report.js';
import { roundTripMilliseconds } from './round-trip.js';

type OpenReport = Extract<ProbeReport, { readonly result: 'open' }>;

/** Octets that one TPDU may have at most by our offer (RFC 1006, X.224 §13.3.4). */
const offeredOctets = { preferred: 65_408, '2048': 2048, none: 65_531 } as const;

const kibi = 1024;

export function compareAnswer(connector: Connector, report: OpenReport): readonly LiveRow[] {
  const { answer } = report;
  return [
    {
      layer: 'tcp',
      field: 'remote.host, remote.port',
      configured: `${report.address.host}:${report.address.port}`,
      answered: 'connected',
      result: 'match',
    },
    ...selectorRows(connector),
    tpduRow(connector, answer),
    versionRow(connector, answer),
    ...contextRows(connector, answer),
    taken('rtse', 'mode', connector.mode),
    taken('rtse', 'p1', connector.p1),
    taken('rtse', 'dialogue', connector.dialogue),
    checkpointRow(connector, answer, roundTripMilliseconds(report.exchanges)),
    windowRow(connector, answer, roundTripMilliseconds(report.exchanges)),
    timeoutRow(connector),
    taken('bind', 'local.mtaName', connector.local.mtaName),
    { layer: 'bind', field: 'local.password', answered: 'accepted', result: 'match' },
    ...bindRows(connector, answer),
    releaseRow(report),
  ];
}

/** Something that the peer would have refused, and did not. */
function taken(layer: LiveRow['layer'], field: string, configured: string): LiveRow {
  return { layer, field, configured, answered: 'accepted', result: 'match' };
}

function selectorRows(connector: Connector): readonly LiveRow[] {
  return selectorLayersOf(connector.mode).map((layer) => {
    const selector = connector.remote.selectors[layer];
    const shown = selector === undefined ? {} : { configured: selectorText(selector) };
    return { layer, field: `remote.${layer}Selector`, ...shown, answered: 'accepted', result: 'match' };
  });
}

function tpduRow({ tpduSizeOffer }: Connector, { tpduOctetsMax }: PeerAnswer): LiveRow {
  const offered = offeredOctets[tpduSizeOffer];
  const explanation: Explanation = {
    difference: `the peer takes TPDUs of ${tpduOctetsMax} octets where ${offered} were offered`,
    effect: `data go in packets of at most ${tpduOctetsMax} octets with 7 octets of header each; no mail is lost by it`,
    checks: [],
  };
  return {
    layer: 'transport',
    field: 'tpduSizeOffer',
    configured: `${tpduSizeOffer} (${offered} octets)`,
    answered: `${tpduOctetsMax} octets`,
    result: 'match', // X.224 §6.5.4: the answer is the peer's to choose
    ...(tpduOctetsMax < offered ? { explanation } : {}),
  };
}

function versionRow({ mode }: Connector, { sessionVersion }: PeerAnswer): LiveRow {
  const offered = mode === 'normal' ? '1 and 2' : '1';
  const explanation: Explanation = {
    difference: 'the peer speaks version 1 of the session protocol only',
    effect: 'an abort cannot say why; everything else works',
    checks: [],
  };
  return {
    layer: 'session',
    field: 'version',
    configured: offered,
    answered: String(sessionVersion),
    result: 'match',
    ...(mode === 'normal' && sessionVersion === 1 ? { explanation } : {}),
  };
}

/** Without one of the contexts, or with another application context, the association would not stand (X.227 §7.1). */
function contextRows({ mode, p1 }: Connector, { contexts }: PeerAnswer): readonly LiveRow[] {
  if (mode !== 'normal') return [taken('rtse', 'application protocol', p1 === '1984' ? '1' : '12')];
  return [
    {
      layer: 'presentation',
      field: 'contexts',
      configured: 'ACSE, RTSE, MTSE',
      answered: `${contexts.length} accepted`,
      result: 'match',
    },
    { ...taken('acse', 'application context', `mts-transfer (${mtsTransferContext})`) },
  ];
}

function rate(octetsPerSecond: number): string {
  return `${octetsPerSecond >= 10 * kibi ? Math.round(octetsPerSecond / kibi) : (octetsPerSecond / kibi).toFixed(1)} K/s`;
}

/** What a window of so many checkpoints carries at this round trip, the line and the disk left aside. */
function boundText(checkpointSizeK: number, windowSize: number, roundTrip: number): string {
  const line = {
    octetsPerSecond: Infinity,
    roundTripSeconds: roundTrip / 1000,
    syncSeconds: 0,
    messageOctets: Infinity,
  };
  const bound = windowBound({ checkpointSizeK, windowSize }, line);
  return `${windowSize} x ${checkpointSizeK} K per round trip, ${rate(bound)}`;
}

function roundTripText(milliseconds: number): string {
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`;
}

function valueEffect(connector: Connector, granted: PeerAnswer['negotiated'], roundTrip: number | undefined): string {
  const { checkpointSizeK, windowSize, onMismatch } = connector.rts;
  const refused = onMismatch === 'refuse' ? '; onMismatch is "refuse": our daemon aborts such an association' : '';
  if (granted.checkpointSizeK === 0) {
    return `no checkpoints: an interrupted transfer always starts again from its first octet${refused}`;
  }
  const risk = `after a cut at most ${granted.windowSize * granted.checkpointSizeK} K and a piece are sent again`;
  if (roundTrip === undefined || checkpointSizeK === 0) return `${risk}${refused}`;
  const now = boundText(granted.checkpointSizeK, granted.windowSize, roundTrip);
  const asked = boundText(checkpointSizeK, windowSize, roundTrip);
  const measured = `at the measured round trip of ${roundTripText(roundTrip)} a transfer can carry at most ${now}, instead of ${asked}`;
  return `${measured}; ${risk}${refused}`;
}

/** The counterpart of a value, where it differs: both ends count from the same file keys. */
function valueRow(
  connector: Connector,
  { negotiated }: PeerAnswer,
  roundTrip: number | undefined,
  name: 'checkpointSizeK' | 'windowSize',
  difference: (asked: number, granted: number) => string,
): LiveRow {
  const asked = connector.rts[name];
  const granted = negotiated[name];
  const isLeft = name === 'checkpointSizeK' && asked === 0; // a proposal of 0 leaves the choice to the peer (X.228 §7.1)
  const explanation: Explanation = {
    difference: difference(asked, granted),
    effect: valueEffect(connector, negotiated, roundTrip),
    checks: [
      { end: 'peer', text: `its value for ${connector.local.mtaName} that is ${name} here: ${asked} is wanted` },
      { end: 'here', text: `or rts.${name}: ${granted} in the override of connector ${connector.name}` },
    ],
  };
  return {
    layer: 'rtse',
    field: `rts.${name}`,
    configured: String(asked),
    answered: String(granted),
    result: asked === granted || isLeft ? 'match' : 'differ',
    ...(asked === granted ? {} : { explanation }),
  };
}

function checkpointRow(connector: Connector, answer: PeerAnswer, roundTrip: number | undefined): LiveRow {
  return valueRow(connector, answer, roundTrip, 'checkpointSizeK', (asked, granted) => {
    if (granted === 0) return `the peer wants no checkpoints where every ${asked} K were asked`;
    const wish = asked === 0 ? 'the choice was left to it' : `${asked} K was asked`;
    return `the peer grants checkpoints every ${granted} K where ${wish}`;
  });
}

function windowRow(connector: Connector, answer: PeerAnswer, roundTrip: number | undefined): LiveRow {
  return valueRow(
    connector,
    answer,
    roundTrip,
    'windowSize',
    (asked, granted) => `the peer grants window ${granted} where ${asked} was asked`,
  );
}

function timeoutRow({ rts }: Connector): LiveRow {
  return {
    layer: 'rtse',
    field: 'rts.recoveryTimeoutSeconds',
    configured: String(rts.recoveryTimeoutSeconds),
    result: 'unheard',
    explanation: {
      difference: 'the protocol does not tell the recovery timeout',
      effect: 'the shorter of the two timeouts decides whether an interrupted transfer can be resumed',
      checks: [{ end: 'peer', text: 'ask its operator, or compare the two ends with --with or --profile' }],
    },
  };
}

function bindRows({ remote, name }: Connector, { bind }: PeerAnswer): readonly LiveRow[] {
  const configured = remote.mtaName;
  const bindRow = { layer: 'bind', field: 'remote.mtaName', configured } as const;
  const effect = 'our daemon does not use the association: no mail passes to this peer';
  if (bind.kind === 'unreadable') {
    const checks = [{ end: 'peer', text: 'its vendor; record the octets with mta trace' }] as const;
    return [
      {
        ...bindRow,
        result: 'differ',
        explanation: { difference: `the bind result cannot be read: ${bind.text}`, effect, checks },
      },
    ];
  }
  if (bind.kind === 'unnamed') {
    if (remote.password === undefined) return [{ ...bindRow, answered: 'no name', result: 'match' }];
    const explanation: Explanation = {
      difference: 'the peer answered the bind without its name and password',
      effect,
      checks: [{ end: 'peer', text: 'the name and password with which it answers us' }],
    };
    return [{ ...bindRow, answered: 'no name', result: 'differ', explanation }];
  }
  const nameExplanation: Explanation = {
    difference: `the peer names itself ${JSON.stringify(bind.mtaName)}, connector ${name} expects ${JSON.stringify(configured)}`,
    effect,
    checks: [
      { end: 'here', text: `remote.mtaName of connector ${name}; letters count as they are` },
      { end: 'peer', text: 'the name it gives itself towards us' },
    ],
  };
  const sameName = bind.mtaName === configured;
  return [
    {
      ...bindRow,
      answered: bind.mtaName,
      result: sameName ? 'match' : 'differ',
      ...(sameName ? {} : { explanation: nameExplanation }),
    },
    passwordRow(name, bind.password, effect),
  ];
}

function passwordRow(
  name: string,
  password: Extract<PeerAnswer['bind'], { kind: 'named' }>['password'],
  effect: string,
): LiveRow {
  const row = { layer: 'bind', field: 'remote.password', answered: password } as const;
  if (password === 'matches') return { ...row, result: 'match' };
  const difference = {
    differs: 'the password with which the peer answers is not the one that is expected here',
    'none expected': 'the peer answers with a password, and none is configured here',
    'not a password': 'the peer answers with credentials that are not a password',
  }[password];
  const checks: Explanation['checks'] = [
    { end: 'here', text: `remote.password of connector ${name}` },
    { end: 'peer', text: 'the password that it says of itself towards us: compare them by --export-profile' },
  ];
  return { ...row, result: 'differ', explanation: { difference, effect, checks } };
}

function releaseRow({ release }: OpenReport): LiveRow {
  if (release === 'released') return { layer: 'rtse', field: 'release', answered: 'released', result: 'match' };
  return {
    layer: 'rtse',
    field: 'release',
    answered: release,
    result: 'unanswered',
    explanation: {
      difference: `the association was not released in order: ${release}`,
      effect: 'each association ends with a cut; no mail is lost by it',
      checks: [{ end: 'peer', text: 'its log, at the end of the association' }],
    },
  };
}
