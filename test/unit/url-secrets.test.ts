import { describe, expect, it } from 'vitest';
import { withoutUriSecrets, withoutUrlSecrets } from '../../src/graphql/url-secrets.ts';

describe('64 kB of what a URL is made of', () => {
  const parts = [
    'https:',
    'https://',
    'https:/',
    'https:<',
    'https:"',
    'https:a@',
    'https://a?',
    'https:?',
    'https:#',
    '@',
  ];
  it.each([...parts, '\\', '/', '#', '#a', ' ', 'a', 'https:\\', 'https://a/', 'https:https:a/@'])(
    'cost no more than others: %j',
    (part) => {
      const text = part.repeat(64_000 / part.length);
      const startedAt = process.cpuUsage();
      for (const hostile of [text, `https:${text}`, `https://a@${text}?`, `${text}@`]) {
        withoutUrlSecrets(hostile);
        withoutUriSecrets(hostile);
      }
      expect(process.cpuUsage(startedAt).user / 1_000).toBeLessThan(500);
    },
  );
});

describe('the URI of a problem type', () => {
  it.each([
    ['https://docs.example/errors#too-many', 'https://docs.example/errors#too-many'],
    ['https://docs.example/errors?key=canary#too-many', 'https://docs.example/errors#too-many'],
    ['https://docs.example/errors#token=canary', 'https://docs.example/errors'],
    ['https://docs.example/errors#/a?key=canary', 'https://docs.example/errors'],
  ])('%s is shown as %s', (uri, shown) => {
    expect(withoutUriSecrets(uri)).toBe(shown);
  });
});

it('a password with an @ in it goes as a whole', () => {
  expect(withoutUrlSecrets('to https://user:p@canary@example.com/hook')).toBe('to https://example.com/hook');
});
