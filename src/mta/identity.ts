import type { Site } from '../config/site.js';
import type { GlobalDomainIdentifier, MTSIdentifier } from '../p1/common-types.js';
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

/** This agent as trace information names it. */
export function tracingMtaOf(site: Site): TracingMta {
  return { globalDomain: globalDomainOf(site), mtaName: site.mta.name };
}

/** The global domain is that of the first trace element too (X.411 §8.2.1.1.1.1; some peers insist). */
export function newMtsIdentifier(site: Site, localIdentifier: string): MTSIdentifier {
  return { globalDomainIdentifier: globalDomainOf(site), localIdentifier };
}
