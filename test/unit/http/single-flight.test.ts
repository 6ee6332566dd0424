import { describe, expect, it } from 'vitest';
import type { CallScope } from '../../../src/domain/call-scope.ts';
import { createSingleFlight } from '../../../src/http/single-flight.ts';
import { callScope } from './call-scope.ts';

/** Flights that land when told. */
function airport() {
  const flights = createSingleFlight<string>();
  const started: { readonly scope: CallScope; readonly land: (result: string) => void }[] = [];
  const start = (scope: CallScope) =>
    new Promise<string>((land, crash) => {
      started.push({ scope, land });
      scope.signal.addEventListener('abort', () => crash(scope.signal.reason));
    });
  const fly = (scope: CallScope, { group = 'us', key = 'GET /x' } = {}) =>
    flights.join({ group, key, scope }) ?? flights.lead({ group, key, scope }, start);
  return { flights, fly, started };
}

describe('identical reads', () => {
  it('share one flight', async () => {
    const { fly, started } = airport();
    const answers = Promise.all([fly(callScope()), fly(callScope()), fly(callScope())]);
    started[0]?.land('landed');
    expect(await answers).toEqual(['landed', 'landed', 'landed']);
    expect(started).toHaveLength(1);
  });

  it('fly again once the flight has landed', async () => {
    const { fly, started } = airport();
    const first = fly(callScope());
    started[0]?.land('first');
    await first;
    const second = fly(callScope());
    started[1]?.land('second');
    expect(await second).toBe('second');
  });

  it('never share between credentials', () => {
    const { fly, started } = airport();
    fly(callScope(), { group: 'us' }).catch(() => {});
    fly(callScope(), { group: 'them' }).catch(() => {});
    expect(started).toHaveLength(2);
  });

  it('go on when one who waits leaves, also the first', async () => {
    const { fly, started } = airport();
    const [first, second] = [callScope(), callScope()];
    const left = fly(first);
    const stays = fly(second);
    first.leave();
    await expect(left).rejects.toThrow('aborted');
    expect(started[0]?.scope.signal.aborted).toBe(false);
    started[0]?.land('landed');
    expect(await stays).toBe('landed');
  });

  it('are aborted when the last one leaves, and the next caller flies anew', async () => {
    const { fly, started } = airport();
    const scopes = [callScope(), callScope()];
    const all = Promise.allSettled(scopes.map((scope) => fly(scope)));
    for (const scope of scopes) scope.leave();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(started[0]?.scope.signal.aborted).toBe(true);
    const next = fly(callScope());
    started[1]?.land('anew');
    expect(await next).toBe('anew');
  });

  it('are not joined behind closed doors, and still answered; who comes later joins the one behind the doors', async () => {
    const { flights, fly, started } = airport();
    const before = fly(callScope());
    flights.forget('us');
    const after = fly(callScope());
    started[0]?.land('before');
    expect(await before).toBe('before');
    const later = fly(callScope());
    started[1]?.land('after');
    expect(await Promise.all([after, later])).toEqual(['after', 'after']);
    expect(started).toHaveLength(2);
  });

  it('are counted against one of those who wait', async () => {
    const { fly, started } = airport();
    const [poor, rich] = [callScope({ maxCalls: 0 }), callScope()];
    const both = Promise.all([fly(poor), fly(rich)]);
    started[0]?.scope.countUpstreamCall();
    expect([poor.calls(), rich.calls()]).toEqual([0, 1]);
    started[0]?.land('landed');
    await both;
  });

  it('cannot be paid when nobody can', () => {
    const { fly, started } = airport();
    fly(callScope({ maxCalls: 0 })).catch(() => {});
    expect(() => started[0]?.scope.countUpstreamCall()).toThrow('Too many upstream calls.');
  });

  it('tell their secrets to all who wait, also to who comes later', () => {
    const { fly, started } = airport();
    const [first, second] = [callScope(), callScope()];
    fly(first).catch(() => {});
    started[0]?.scope.keepSecret('s3cret');
    fly(second).catch(() => {});
    expect([...first.secrets, ...second.secrets]).toEqual(['s3cret', 's3cret']);
  });

  it('have the time of whoever has the most', () => {
    const { fly, started } = airport();
    const [short, long] = [callScope({ timeLeftMs: 10 }), callScope({ timeLeftMs: 9_000 })];
    fly(short).catch(() => {});
    fly(long).catch(() => {});
    expect(started[0]?.scope.deadlineAt).toBe(long.deadlineAt);
  });

  it('reject one who has left already, without a flight', async () => {
    const { fly, started } = airport();
    const scope = callScope();
    scope.leave();
    await expect(fly(scope)).rejects.toThrow('aborted');
    expect(started).toHaveLength(0);
  });

  it('reject one who has left already from a flight under way, and do not go on for it', async () => {
    const { fly, started } = airport();
    const [stays, gone] = [callScope(), callScope()];
    const waiting = fly(stays);
    gone.leave();
    await expect(fly(gone)).rejects.toThrow('aborted');
    stays.leave();
    await expect(waiting).rejects.toThrow('aborted');
    expect(started[0]?.scope.signal.aborted).toBe(true);
  });
});
