export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** The supergraph, or why there is none. */
export interface Composition {
  readonly supergraph: string | undefined;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export interface RunningGateway {
  readonly url: string;
  close(): Promise<void>;
}

export type ComposerName = '@apollo/composition' | '@theguild/federation-composition';
export type GatewayName = '@apollo/gateway' | 'Hive Gateway';

export declare const COMPOSERS: Readonly<Record<ComposerName, (subgraphs: readonly Subgraph[]) => Composition>>;
export declare const GATEWAYS: Readonly<Record<GatewayName, (supergraph: string) => Promise<RunningGateway>>>;

/** The schema in a contract that leaves out these tags. */
export declare function contractWithout(tags: readonly string[], subgraph: Subgraph): string;
