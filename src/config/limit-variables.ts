import { integerVariable } from './variable.ts';

/** The limits of one request and of one caller; docs/limits.md says what each is for. */
export const limitVariables = {
  limitTokens: integerVariable({
    name: 'LIMIT_TOKENS',
    help: 'tokens of one document',
    default: 1_000,
    min: 50,
    max: 100_000,
  }),
  limitDepth: integerVariable({
    name: 'LIMIT_DEPTH',
    help: 'levels of nested fields in one operation',
    default: 15,
    min: 5,
    max: 1_000,
  }),
  limitAliases: integerVariable({
    name: 'LIMIT_ALIASES',
    help: 'aliases in one operation',
    default: 50,
    min: 0,
    max: 10_000,
  }),
  limitDirectives: integerVariable({
    name: 'LIMIT_DIRECTIVES',
    help: 'directives in one operation',
    default: 50,
    min: 0,
    max: 10_000,
  }),
  limitCost: integerVariable({
    name: 'LIMIT_COST',
    help: 'cost of one operation: fields times page sizes, and 10 for each that asks upstream',
    default: 20_000,
    min: 100,
    max: 100_000_000,
  }),
  limitBodyBytes: integerVariable({
    name: 'LIMIT_BODY_BYTES',
    help: 'bytes of one request body',
    default: 1_000_000,
    min: 1_000,
    max: 100_000_000,
  }),
  rateLimitCost: integerVariable({
    name: 'RATE_LIMIT_COST',
    help: "a caller's cost a minute; off in loopback mode",
    default: 60_000,
    min: 100,
    max: 1_000_000_000,
  }),
  rateLimitUnauthenticated: integerVariable({
    name: 'RATE_LIMIT_UNAUTHENTICATED',
    help: "an address's requests a minute without valid credentials; off in loopback mode",
    default: 300,
    min: 1,
    max: 1_000_000_000,
  }),
  trustProxy: integerVariable({
    name: 'TRUST_PROXY',
    help: 'proxies in front of the gateway whose X-Forwarded-For is believed',
    default: 0,
    min: 0,
    max: 10,
  }),
} as const;
