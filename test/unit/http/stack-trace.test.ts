import { describe, expect, it } from 'vitest';
import { isTraceMember, withoutTrace } from '../../../src/http/stack-trace.ts';

describe('a text of an upstream loses its trace', () => {
  it.each([
    ['Java', 'Boom.\njava.lang.Error: x\n\tat a.B.run(B.java:42)\nCaused by: y', 'Boom.\njava.lang.Error: x'],
    ['Java, of which only the cause is left', 'Boom.\nCaused by: a.BException: y\n\t... 12 more', 'Boom.'],
    ['Java in one line', 'Boom. at com.example.Job.run(Job.java:42) at a.B.c(B.java:1)', 'Boom.'],
    ['JavaScript', 'TypeError: x\n    at async run (file:///srv/app.js:1:2)', 'TypeError: x'],
    ['JavaScript in one line', 'TypeError: x at Job.run (/srv/app.js:1:2)', 'TypeError: x'],
    ['JavaScript without a name', 'TypeError: x (/srv/app.mjs:1:2)', 'TypeError: x ('],
    ['.NET', 'Boom.\r\n   at App.Job.Run() in C:\\src\\Job.cs:line 12', 'Boom.'],
    ['.NET in one line', 'Boom in C:\\src\\Job.cs:line 12', 'Boom in'],
    ['PHP', 'Boom.\n#0 /var/www/html/index.php(12): App->run()\n#1 {main}', 'Boom.'],
    ['PHP with its heading', 'Boom.\nStack trace:\n#0 {main}', 'Boom.'],
    ['PHP in one line', 'Uncaught Error: boom in /var/www/html/index.php:12', 'Uncaught Error: boom in'],
    ['PHP as it warns', 'Undefined variable in /var/www/html/index.php on line 12', 'Undefined variable in'],
    ['Go', 'boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d', 'boom'],
    ['Go and nothing else', 'goroutine 1 [running]:\nmain.main()\n\t/app/main.go:12', ''],
    ['Python', 'boom Traceback (most recent call last):\n  File "/app/x.py", line 1, in <module>', 'boom'],
    ['Python without its heading', 'boom\n  File "/app/x.py", line 1, in f', 'boom'],
    ['Ruby', "boom\n/app/lib/job.rb:12:in `run'", 'boom'],
    ['Rust', 'boom\nstack backtrace:\n   0: core::panicking::panic_fmt', 'boom'],
    ['a native program', 'boom\n#0  0x00007f3 in main () at main.c:3', 'boom'],
    ['a trace written as JSON', 'boom\\n    at run (/srv/app.js:1:2)', 'boom'],
  ])('of %s', (_language, text, rest) => {
    expect(withoutTrace(text)).toBe(rest);
  });
});

describe('a text without a trace stays', () => {
  it.each([
    'The URL is considered invalid.\nIt has to be at least one of these:\n- https://hooks.firma.pl:8443/x\n',
    'https://example.com:8443/hook does not answer; nor does https:\\/\\/example.rs:8443.',
    'Rows #1 and #12 of /data/rows are wrong, at home (see 2:3) or at hooks.example.com:443.',
    'Call back between 9:30 and 10:00, on line 12.',
    '  ',
    '',
  ])('%j', (text) => {
    expect(withoutTrace(text)).toBe(text);
  });
});

describe('a member of an error body', () => {
  it.each([
    ['stackTrace', 'x', {}, true],
    ['exception_stacktrace', 'x', {}, true],
    ['trace', [{ file: '/a.php' }], {}, true],
    ['trace', 'd2f1', {}, false],
    ['file', '/a.php', { file: '/a.php', line: 1 }, true],
    ['file', 'import.csv', { file: 'import.csv' }, false],
  ])('%s: %j of %j is a trace: %s', (name, value, neighbours, expected) => {
    expect(isTraceMember(name, value, neighbours)).toBe(expected);
  });
});

describe('64 kB of what a trace begins with', () => {
  const beginnings = [
    '\n',
    '\n ',
    ' ',
    '#1 a',
    '/a',
    '/a.',
    '\\',
    '\\n',
    'at ',
    'at a(',
    'File "',
    'goroutine 1 ',
    '... 1 ',
  ];
  it.each(beginnings)('cost no more than others: %j', (beginning) => {
    const text = beginning.repeat(64_000 / beginning.length);
    const startedAt = process.cpuUsage();
    withoutTrace(text);
    expect(process.cpuUsage(startedAt).user / 1_000).toBeLessThan(500);
  });
});
