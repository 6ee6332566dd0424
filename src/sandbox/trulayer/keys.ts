/** What a key of the sandbox may do, or how every call with it ends. */
export interface TruLayerKey {
  readonly mayCreate: boolean;
  readonly mayDelete: boolean;
  readonly refusal?: 'scope' | 'plan' | 'revoked' | 'throttled' | 'failure';
}

const owner: TruLayerKey = { mayCreate: true, mayDelete: true };

/**
 * The API keys of the sandbox. All belong to one tenant.
 *
 * | key | what it shows |
 * | --- | --- |
 * | `tl_sandbox_owner` | everything is allowed |
 * | `tl_sandbox_member` | cannot delete: 403 |
 * | `tl_sandbox_viewer` | can only list: 403 on create, test and delete |
 * | `tl_sandbox_query` | 403 scope_forbidden |
 * | `tl_sandbox_starter` | 402 plan_upgrade_required |
 * | `tl_sandbox_revoked` | 401 key_revoked |
 * | `tl_sandbox_throttled` | 429 with Retry-After |
 * | `tl_sandbox_broken` | 500 |
 * | any other | 401 |
 */
export const TRULAYER_KEYS: Readonly<Record<string, TruLayerKey>> = {
  tl_sandbox_owner: owner,
  tl_sandbox_member: { ...owner, mayDelete: false },
  tl_sandbox_viewer: { mayCreate: false, mayDelete: false },
  tl_sandbox_query: { ...owner, refusal: 'scope' },
  tl_sandbox_starter: { ...owner, refusal: 'plan' },
  tl_sandbox_revoked: { ...owner, refusal: 'revoked' },
  tl_sandbox_throttled: { ...owner, refusal: 'throttled' },
  tl_sandbox_broken: { ...owner, refusal: 'failure' },
};
