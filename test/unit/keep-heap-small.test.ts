import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('the young generation has 16 MB at once, and no more under load, where V8 would make it 32 or more', async () => {
  expect(await youngMb({ keepsSmall: true })).toEqual({ atOnce: 16, underLoad: 16 });
  const { atOnce, underLoad } = await youngMb({ keepsSmall: false });
  expect(atOnce).toBe(1);
  expect(underLoad).toBeGreaterThanOrEqual(32);
});

test('where the operator gives V8 a size, that size holds', async () => {
  const options = ['--max-semi-space-size=4'];
  expect(await youngMb({ keepsSmall: true, options })).toEqual({ atOnce: 1, underLoad: 8 });
});

test('the young generation is collected by one thread, where V8 would take several', async () => {
  const options = ['--trace-gc', '--trace-parallel-scavenge'];
  const alone = await underLoad({ keepsSmall: true, options });
  expect(countOf(/ scavenge\[/g, alone)).toBe(countOf(/ Scavenge /g, alone));
  const shared = await underLoad({ keepsSmall: false, options });
  expect(countOf(/ scavenge\[/g, shared)).toBeGreaterThan(countOf(/ Scavenge /g, shared));
});

interface Run {
  readonly keepsSmall: boolean;
  readonly options?: readonly string[];
}

/** In MB, both halves. */
async function youngMb(asked: Run): Promise<{ readonly atOnce: number; readonly underLoad: number }> {
  return JSON.parse(await underLoad(asked));
}

/** What a process of its own says: how V8 divides its heap is a matter of the whole process. Run as it is built. */
async function underLoad({ keepsSmall, options = [] }: Run): Promise<string> {
  const module = pathToFileURL('dist/keep-heap-small.js').href;
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepHeapSmall } from '${module}';
    const mb = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20;
    if (${keepsSmall}) keepHeapSmall();
    const atOnce = mb();
    let survivors = [];
    for (let i = 0; i < 3e6; i++) {
      survivors.push({ i });
      if (survivors.length > 1e5) survivors = [];
    }
    console.log(JSON.stringify({ atOnce, underLoad: mb() }));
    process.exit();
  `;
  const { stdout } = await run(process.execPath, [...options, '--input-type=module', '--eval', program], {
    env: { PATH: process.env.PATH },
  });
  return stdout;
}

function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}
