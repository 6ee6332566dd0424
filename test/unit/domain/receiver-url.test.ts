import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparableUrl, hasPrivateHost, hasUserinfo, isHttps } from '../../../src/domain/receiver-url.ts';

describe("a receiver's URL", () => {
  test.each([
    'https://localhost/hook',
    'https://LOCALHOST.:8443/',
    'https://a.localhost/',
    'https://printer.local/',
    'https://hooks.corp.internal./',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://0x7f000001/',
    'http://0.0.0.0/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest',
    'https://[::1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[febf::1]/',
    'https://[fd12:3456::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:7f00:1]/',
  ])('%s has a private host', (url) => {
    expect(hasPrivateHost(url)).toBe(true);
  });

  test.each([
    'https://hooks.example.com/',
    'https://localhost.example.com/',
    'https://notlocal/',
    'https://internal.example.com/',
    'https://example.com/?next=http://localhost/',
    'https://8.8.8.8/',
    'https://11.0.0.1/',
    'https://100.128.0.1/',
    'https://172.15.0.1/',
    'https://172.32.0.1/',
    'https://192.169.0.1/',
    'https://[2001:db8::1]/',
    'https://[fec0::1]/',
    'https://[::ffff:8.8.8.8]/',
    'not a url',
  ])('%s has no private host', (url) => {
    expect(hasPrivateHost(url)).toBe(false);
  });

  test.each([
    ['https://user:secret@example.com/', true],
    ['https://token@example.com/', true],
    ['https://:secret@example.com/', true],
    ['https://user:secret@example.com:99999/', true],
    ['https://example.com/', false],
    ['https://example.com/@user', false],
    ['https://example.com/?mail=a@b.example', false],
    ['https://example.com:99999/a@b', false],
  ])('%s: userinfo %s', (url, expected) => {
    expect(hasUserinfo(url)).toBe(expected);
  });

  test.each([
    ['https://example.com', true],
    ['HTTPS://example.com', true],
    ['http://example.com', false],
    ['httpsx://example.com', false],
    ['example.com', false],
  ])('%s: HTTPS %s', (url, expected) => {
    expect(isHttps(url)).toBe(expected);
  });

  test.each([
    'HTTPS://Hooks.Example.COM/a%2fb?x=%7E',
    'https://hooks.example.com:443/a%2Fb?x=~',
    'https://hooks.example.com/./c/../a%2Fb?x=~',
    'https://hooks.example.com/%61%2Fb?x=~#fragment',
  ])('%s is the same as its equals', (url) => {
    expect(comparableUrl(url)).toBe('https://hooks.example.com/a%2Fb?x=~');
  });

  test('without a path is the one with the path /', () => {
    expect(comparableUrl('https://example.com')).toBe(comparableUrl('https://example.com/'));
  });

  test.each([
    ['https://example.com/a', 'https://example.com/a/'],
    ['https://example.com/a', 'http://example.com/a'],
    ['https://example.com/a', 'https://example.com:8443/a'],
    ['https://example.com/a', 'https://example.com/A'],
    ['https://example.com/a', 'https://example.com/a?'],
    ['https://example.com/?a&b', 'https://example.com/?b&a'],
    ['https://example.com/a%2Fb', 'https://example.com/a/b'],
    ['https://example.com/', 'https://www.example.com/'],
  ])('%s differs from %s', (a, b) => {
    expect(comparableUrl(a)).not.toBe(comparableUrl(b));
  });

  test('that cannot be parsed equals only itself', () => {
    expect(comparableUrl('no url')).toBe('no url');
  });

  test('made comparable stays as it is', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        expect(comparableUrl(comparableUrl(url))).toBe(comparableUrl(url));
      }),
    );
  });
});
