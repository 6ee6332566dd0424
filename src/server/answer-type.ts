import { boundAccept, hasRefusal } from './accepted-media-types.ts';

/** The two media types of a GraphQL answer (GraphQL over HTTP §4), the one first that anybody gets who takes anything. */
export const ANSWER_TYPES = ['application/json', 'application/graphql-response+json'] as const;

export type AnswerType = (typeof ANSWER_TYPES)[number];

/**
 * The media type of the answer to a request with this Accept header: the first of the two that it names, `application/json`
 * where anything is welcome. Null for what is unusual.
 */
export function answerType(accept: string | undefined): AnswerType | null {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return 'application/json';
  if (boundAccept(accept) !== accept || hasRefusal(accept)) return null;
  for (const entry of accept.toLowerCase().split(',')) {
    const [mediaType = '', ...parameters] = entry.split(';');
    if (parameters.some((parameter) => parameter.includes('charset'))) return null;
    const named = mediaType.trim();
    if (named === 'application/json' || named === 'application/graphql-response+json') return named;
    if (named === '*/*') return 'application/json';
    // Half a wildcard, or white space within, may mean one of the two as well.
    if (/[*\s]/.test(named)) return null;
  }
  return null;
}
