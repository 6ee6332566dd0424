import type { CallScope } from '../../domain/call-scope.ts';
import { BadUserInputError, type InputPath } from '../../domain/errors.ts';
import type { AuthenticationChange } from '../../domain/webhook-provider.ts';
import { builder } from '../builder.ts';

const WebhookHttpHeaderInput = builder.inputType('WebhookHttpHeaderInput', {
  description: 'A header that goes with every delivery.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, e.g. `X-My-Auth`.' }),
    value: t.string({ required: true, description: 'Its value: a secret, never shown again.' }),
  }),
});

export const WebhookAuthenticationInput = builder.inputType('WebhookAuthenticationInput', {
  description: 'How deliveries shall authenticate to the receiver: exactly one of the ways.',
  isOneOf: true,
  fields: (t) => ({
    none: t.boolean({ description: 'Not at all; only `true` means something.' }),
    token: t.string({
      description:
        'By this value, sent verbatim as the Authorization header (write `Bearer ` into it where needed). A secret.',
    }),
    customHeaders: t.field({
      type: [WebhookHttpHeaderInput],
      description: 'By these headers: at least one, at Personio at most three.',
    }),
  }),
});

// RFC 9110 §5.6.2: what a field name is made of; §5.5: what its value must not contain.
const HEADER_NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
/** Control characters but the tab. */
const FORBIDDEN_IN_VALUE = /[^\P{Cc}\t]/u;

/** Checks the input and tells the scope what is secret in it. Throws `BadUserInputError` below `path`. */
export function authenticationChange(
  input: typeof WebhookAuthenticationInput.$inferInput,
  path: InputPath,
  scope: CallScope,
): AuthenticationChange {
  const { none, token, customHeaders } = input;
  if (token != null) {
    keepHeaderSecret(token, scope);
    return { type: 'token', token: headerValue(token, [...path, 'token']) };
  }
  if (customHeaders != null) {
    for (const { value } of customHeaders) keepHeaderSecret(value, scope);
    if (customHeaders.length === 0) {
      throw new BadUserInputError('Give at least one header, or use none: true.', [...path, 'customHeaders']);
    }
    const headers = customHeaders.map(({ name, value }, index) => {
      const headerPath = [...path, 'customHeaders', index];
      if (!HEADER_NAME.test(name))
        throw new BadUserInputError('This is not a name of a header.', [...headerPath, 'name']);
      return { name, value: headerValue(value, [...headerPath, 'value']) };
    });
    return { type: 'custom-headers', headers };
  }
  if (none !== true) throw new BadUserInputError('none can only be true; leave it out otherwise.', [...path, 'none']);
  return { type: 'none' };
}

/** A provider may quote the value without the scheme in front of it, or without the blanks around it. */
function keepHeaderSecret(value: string, scope: CallScope): void {
  const trimmed = value.trim();
  for (const secret of [value, trimmed, trimmed.slice(trimmed.indexOf(' ') + 1)]) scope.keepSecret(secret);
}

function headerValue(value: string, path: InputPath): string {
  if (value.trim() === '') throw new BadUserInputError('The value must not be empty.', path);
  if (FORBIDDEN_IN_VALUE.test(value)) {
    throw new BadUserInputError('The value must not contain line breaks or other control characters.', path);
  }
  return value;
}
