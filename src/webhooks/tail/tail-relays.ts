import { hash } from 'node:crypto';
import type { ProviderName } from '../../domain/provider-name.ts';
import type { Relay } from '../../state/relay.ts';
import type { SharedState } from '../../state/shared-state.ts';
import { sourceIdOf, type TailSource } from './tail-source.ts';

/**
 * The relays between instances that follow the same log with the same credentials at the same address. Only those who have
 * these credentials can read what is relayed.
 */
export function createTailRelays({
  state,
  providers,
}: {
  readonly state: Pick<SharedState, 'relay'>;
  readonly providers: readonly {
    readonly name: ProviderName;
    readonly baseUrl: string;
    readonly ownSecret: string | null;
  }[];
}): (source: TailSource) => Relay | null {
  return (source) => {
    const provider = providers.find(({ name }) => name === source.key.provider);
    const secret = source.forwardedAuthorization[source.key.provider] ?? provider?.ownSecret;
    if (!provider || secret == null) return null;
    const credentials = hash('sha256', secret, 'base64url');
    return state.relay({ name: JSON.stringify([sourceIdOf(source), provider.baseUrl, credentials]), secret });
  };
}
