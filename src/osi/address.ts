/**
 * Where an application entity is found: the selectors of X.650. Each is opaque octets; absent means the parameter is not sent, which
 * addresses the only user of that layer.
 */
export interface Selectors {
  readonly transport?: Uint8Array;
  readonly session?: Uint8Array;
  readonly presentation?: Uint8Array;
}

/** The two ends as the opener of an association names them. */
export interface AddressPair {
  readonly called: Selectors;
  readonly calling: Selectors;
}
