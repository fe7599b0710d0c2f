/** Why a peer did not let us in: which layer said no, what that means, and what to check first at which end. */
import { mtsTransferContext } from '../acse/service.js';
import { selectorText } from '../config/selectors.js';
import type { Connector } from '../config/site.js';
import { bindCauses, refuseCauses, type Cause } from './bind-causes.js';
import {
  aareProviderCauses,
  aareUserCauses,
  connectionCauses,
  cprCauses,
  drCauses,
  refuseSpduCauses,
} from './layer-causes.js';
import type { Layer, LiveRow } from './live-row.js';
import type { PeerRefusal, ProbeReport } from './report.js';

type RefusedReport = Extract<ProbeReport, { readonly result: 'refused' }>;

const layers: readonly Layer[] = ['tcp', 'transport', 'session', 'presentation', 'acse', 'rtse', 'bind'];

/** Codes with which a peer says that it has no room now: DR, REFUSE and CPR. */
const congestion: Readonly<Partial<Record<PeerRefusal['source'], readonly number[]>>> = {
  transport: [1, 129],
  session: [1, 131],
  presentation: [1, 7],
};

/** Nobody answered, or the peer is only busy: nothing could be compared. */
export function isUnanswered({ refusal }: RefusedReport): boolean {
  const { source, code, refuseReason, bindError } = refusal;
  if (refuseReason !== undefined || bindError !== undefined) return (bindError ?? refuseReason) === 'busy';
  if (code !== undefined) return congestion[source]?.includes(code) === true;
  return refusal.timedOut || source === 'transport' || source === 'abort';
}

/** A row for each layer that let us pass, and one for that which did not. */
export function explainRefusal(connector: Connector, report: RefusedReport): readonly LiveRow[] {
  const { layer, cause } = locate(report.refusal, connector.mode);
  const known = layersOf(connector);
  const before = known.slice(0, Math.max(0, known.indexOf(layer)));
  return [
    ...before.map((passed): LiveRow => ({
      layer: passed,
      field: fieldOf(passed),
      ...configuredOf(passed, connector, report),
      answered: 'accepted',
      result: 'match',
    })),
    {
      layer,
      field: fieldOf(layer),
      ...configuredOf(layer, connector, report),
      answered: answerOf(report.refusal),
      result: isUnanswered(report) ? 'unanswered' : 'refused',
      explanation: {
        difference: cause.meaning,
        effect: `no association comes about, and no mail passes from here to ${connector.remote.mtaName}`,
        checks: cause.checks,
      },
    },
  ];
}

/** X.410-1984 mode has neither selectors of presentation nor ACSE. */
function layersOf({ mode }: Connector): readonly Layer[] {
  return layers.filter((layer) => mode === 'normal' || (layer !== 'presentation' && layer !== 'acse'));
}

function locate(refusal: PeerRefusal, mode: Connector['mode']): { readonly layer: Layer; readonly cause: Cause } {
  const { source, code, refuseReason, bindError, reached } = refusal;
  if (bindError !== undefined) {
    return { layer: bindError === 'unacceptable-dialogue-mode' ? 'rtse' : 'bind', cause: bindCauses(bindError) };
  }
  if (refuseReason !== undefined) return { layer: 'rtse', cause: refuseCauses(refuseReason) };
  switch (source) {
    case 'acse-user':
      return mode === 'normal'
        ? { layer: 'acse', cause: aareUserCauses(code) }
        : { layer: 'rtse', cause: refuseCauses(undefined) };
    case 'acse-provider':
      return { layer: 'acse', cause: aareProviderCauses(code) };
    case 'presentation':
      return { layer: 'presentation', cause: cprCauses(code) };
    case 'session':
      return { layer: 'session', cause: refuseSpduCauses(code) };
    case 'transport':
    case 'abort':
      if (code !== undefined) return { layer: 'transport', cause: drCauses(code) };
      return connectionCauses(reached, refusal);
  }
}

function answerOf({ bindError, refuseReason, text }: PeerRefusal): string {
  if (bindError !== undefined) return `bind error ${bindError}`;
  return refuseReason === undefined ? text : `refuse reason ${refuseReason}`;
}

function fieldOf(layer: Layer): string {
  switch (layer) {
    case 'tcp':
      return 'remote.host, remote.port';
    case 'transport':
    case 'session':
    case 'presentation':
      return `remote.${layer}Selector`;
    case 'acse':
      return 'application context';
    case 'rtse':
      return 'mode, dialogue';
    case 'bind':
      return 'local.mtaName, local.password';
  }
}

function configuredOf(
  layer: Layer,
  { local, mode, dialogue, remote }: Connector,
  { address }: RefusedReport,
): { readonly configured?: string } {
  switch (layer) {
    case 'tcp':
      return { configured: `${address.host}:${address.port}` };
    case 'transport':
    case 'session':
    case 'presentation': {
      const selector = remote.selectors[layer];
      return selector === undefined ? {} : { configured: selectorText(selector) };
    }
    case 'acse':
      return { configured: mtsTransferContext };
    case 'rtse':
      return { configured: `${mode}, ${dialogue}` };
    case 'bind':
      return { configured: local.mtaName };
  }
}
