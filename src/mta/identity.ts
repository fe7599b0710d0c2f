import type { Site } from '../config/site.js';
import { sharedValue } from '../asn1/shared-values.js';
import { globalDomainIdentifier, type GlobalDomainIdentifier, type MTSIdentifier } from '../p1/common-types.js';
import { numericOrPrintable } from '../p1/or-address.js';
import type { TracingMta } from '../p1/trace.js';

function globalDomainOf(site: Site): GlobalDomainIdentifier {
  const { country, admd, prmd } = site.mta.globalDomain;
  return {
    countryName: numericOrPrintable(country),
    administrationDomainName: numericOrPrintable(admd),
    ...(prmd === undefined ? {} : { privateDomainIdentifier: numericOrPrintable(prmd) }),
  };
}

const tracingMtas = new WeakMap<Site, TracingMta>();

/** This agent as trace information names it. */
export function tracingMtaOf(site: Site): TracingMta {
  const known = tracingMtas.get(site);
  if (known !== undefined) return known;
  const mta = { globalDomain: sharedValue(globalDomainIdentifier, globalDomainOf(site)), mtaName: site.mta.name };
  tracingMtas.set(site, mta);
  return mta;
}

/** The global domain is that of the first trace element too (X.411 §8.2.1.1.1.1; some peers insist). */
export function newMtsIdentifier(site: Site, localIdentifier: string): MTSIdentifier {
  return { globalDomainIdentifier: tracingMtaOf(site).globalDomain, localIdentifier };
}
