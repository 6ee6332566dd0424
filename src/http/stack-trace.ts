/**
 * What only a stack trace has, at the place where it begins. None may look further than a bounded number of characters
 * from where it starts: a hostile text must not cost more than its length.
 */
const TRACE_BEGINNINGS: readonly RegExp[] = [
  // Java, JavaScript and .NET: on a line of its own.
  /(?:[\r\n]|\\[rnt])[ \t]{0,40}at\s\S/,
  // The same where the lines were joined: `at run (/srv/app.js:1:2)`, `at com.example.Job.run(Job.java:42)`.
  /(?:^|\s)at (?:async |new )?[\w$.<>[\]]{1,200} ?\([^\s()]{1,400}:\d+\)/,
  /(?:[\r\n]|\\[rnt])[ \t]{0,40}(?:Caused by:|Suppressed:|---> |--- End of|\.\.\. \d{1,9} (?:more|common frames))/,
  // PHP and debuggers: `#0 /var/www/index.php(12): App->run()`, `#1 {main}`, `#0  0x00007f in main ()`.
  /(?:^|[\r\n]|\\[rnt]|\s)#\d{1,9}[ \t]{1,4}(?:\{main\}|\[internal function\]|0x|[^\s(]{1,400}\(\d{1,9}\):)/,
  // Go: each goroutine has a heading.
  /\bgoroutine \d{1,20} \[/,
  // Python: its heading, or a frame where that was cut off.
  /Traceback \(most recent call last\)/i,
  /\bFile \\?"[^"\r\n]{1,400}", line \d/,
  // Headings of PHP, Rust and loggers.
  /(?:^|[\r\n]|\\[rnt]|\. )[ \t]{0,40}(?:stack ?trace|stack ?backtrace|back ?trace|call stack):/i,
];

/**
 * A line of a source file in any language: `/app/main.go:12`, `\Job.cs:line 12`, `/www/index.php on line 12`. A slash
 * behind another one begins the host of a URL, which may have a port.
 */
const SOURCE_LINE =
  /(?:(?<!\/\\?)\/|\\)[^\s/\\"'()[\]]{1,200}\.[a-z]{1,6}(?::\d|:line \d|\(\d{1,9}\)|\\?"?,? (?:on )?line \d)/i;
const BEFORE_PATH = [' ', '\t', '\n', '\r', '"', "'", '(', '[', '>'];

/** A text without the stack trace of whoever wrote it: cut where one begins, also in the middle of a line. */
export function withoutTrace(text: string): string {
  const beginnings = TRACE_BEGINNINGS.map((beginning) => text.search(beginning));
  const [first = text.length] = [...beginnings, sourceLineIn(text)].filter((at) => at >= 0).sort((a, b) => a - b);
  return first === text.length ? text : text.slice(0, first).trimEnd();
}

/** Where the path begins whose end was found; -1 where there is none. */
function sourceLineIn(text: string): number {
  const at = text.search(SOURCE_LINE);
  return at < 0 ? at : Math.max(...BEFORE_PATH.map((character) => text.lastIndexOf(character, at))) + 1;
}

const TRACE_MEMBER =
  /^(?:error_?|exception_?)?(?:stack|stack_?traces?|stack_?frames?|call_?stack|trace_?back|back_?trace)$/i;

/** Whether a member of an error body holds a trace, or a place in a source file, by its name and its neighbours. */
export function isTraceMember(name: string, value: unknown, neighbours: object): boolean {
  if (TRACE_MEMBER.test(name)) return true;
  // PHP frameworks write `file` and `line`, and a list of such frames; a `trace` that is a text is mostly an id.
  return (name === 'file' && 'line' in neighbours) || (name === 'trace' && Array.isArray(value));
}
