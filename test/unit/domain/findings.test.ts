import { describe, expect, test } from 'vitest';
import { findingsOf, webhooksByUrlOf } from '../../../src/domain/findings.ts';
import type { ProviderFacts } from '../../../src/domain/provider-facts.ts';
import type { Webhook } from '../../../src/domain/webhook.ts';

const WEBHOOK: Webhook = {
  provider: 'PERSONIO',
  providerId: 'a',
  url: 'https://hooks.example.com/personio',
  description: null,
  status: 'ENABLED',
  enabledEvents: ['person.created', 'person.updated'],
  authentication: { type: 'TOKEN' },
  createdAt: null,
  updatedAt: null,
};

const FACTS: ProviderFacts = {
  eventTypes: [
    { name: 'ping', description: null, isSubscribable: false, requiredPayloadFields: [], samplePayloadFields: [] },
    {
      name: 'person.created',
      description: null,
      isSubscribable: true,
      requiredPayloadFields: ['person.id'],
      samplePayloadFields: ['person.id'],
    },
    {
      name: 'person.updated',
      description: null,
      isSubscribable: true,
      requiredPayloadFields: ['person.id'],
      samplePayloadFields: ['person.id'],
    },
  ],
  isEventListClosed: false,
  eventCatalogUrl: null,
  retentionDays: 30,
  maxEventsPerRedelivery: 100,
  signing: null,
  retryPolicy: null,
};

function findings(change: Partial<Webhook>, others: readonly Webhook[] = [], facts: ProviderFacts = FACTS) {
  const webhook = { ...WEBHOOK, ...change };
  return findingsOf(webhook, { facts, webhooksByUrl: webhooksByUrlOf([webhook, ...others]) });
}

function codes(change: Partial<Webhook>, others: readonly Webhook[] = []) {
  return findings(change, others).map(({ code }) => code);
}

describe('findings', () => {
  test('are none for a sound webhook', () => {
    expect(findings({})).toEqual([]);
  });

  test('are none for what the provider does not say', () => {
    const other = { ...WEBHOOK, providerId: 'b' };
    expect(findings({ status: null, enabledEvents: null, authentication: { type: null } }, [other])).toEqual([]);
  });

  test('name each other webhook that is sent the same events', () => {
    const b = {
      ...WEBHOOK,
      providerId: 'b',
      url: 'https://HOOKS.example.com:443/personio',
      enabledEvents: ['person.updated'],
    };
    const c = { ...WEBHOOK, providerId: 'c', status: null };
    expect(findings({}, [b, c])).toEqual([
      {
        code: 'DUPLICATE_SUBSCRIPTION',
        message:
          'personio:b has the same URL and also subscribes to person.updated: while both are enabled the receiver gets every such event twice.',
        eventName: null,
        otherWebhook: b,
      },
      {
        code: 'DUPLICATE_SUBSCRIPTION',
        message:
          'personio:c has the same URL and also subscribes to person.created, person.updated: while both are enabled the receiver gets every such event twice.',
        eventName: null,
        otherWebhook: c,
      },
    ]);
  });

  test.each<[string, Partial<Webhook>]>([
    ['is disabled', { status: 'DISABLED' }],
    ['has another URL', { url: 'https://hooks.example.com/personio/' }],
    ['has other events', { enabledEvents: ['document.signed'] }],
    ['does not say its events', { enabledEvents: null }],
    ['is of another provider', { provider: 'TRULAYER' }],
    ['is the same one', { providerId: 'a' }],
  ])('do not name another webhook that %s', (_, change) => {
    expect(codes({}, [{ ...WEBHOOK, providerId: 'b', ...change }])).toEqual([]);
  });

  test('name each unknown event once, a ping too', () => {
    expect(findings({ enabledEvents: ['person.create', 'ping', 'person.create', 'person.updated'] })).toEqual([
      {
        code: 'UNKNOWN_EVENT',
        message:
          'person.create is not among the events that PERSONIO publishes for subscription; it may be new or misspelt.',
        eventName: 'person.create',
        otherWebhook: null,
      },
      expect.objectContaining({ code: 'UNKNOWN_EVENT', eventName: 'ping' }),
    ]);
  });

  test('say that an unknown event of a closed list never comes', () => {
    expect(findings({ enabledEvents: ['x'] }, [], { ...FACTS, isEventListClosed: true })[0]?.message).toBe(
      'x is not among the events that PERSONIO publishes for subscription; it will never be sent.',
    );
  });

  test.each<[string, Partial<Webhook>]>([
    ['NO_AUTHENTICATION', { authentication: { type: 'NONE' } }],
    ['NO_EVENTS', { enabledEvents: [] }],
    ['INSECURE_URL', { url: 'http://hooks.example.com/' }],
    ['PRIVATE_HOST', { url: 'https://192.168.0.7/' }],
    ['CREDENTIALS_IN_URL', { url: 'https://user:hunter2@hooks.example.com/' }],
  ])('name %s', (code, change) => {
    expect(findings(change)).toEqual([{ code, message: expect.any(String), eventName: null, otherWebhook: null }]);
  });

  test('never quote the URL, and come in the order of the contract', () => {
    const url = 'http://user:hunter2@10.0.0.1/hook?key=s3cret';
    const change: Partial<Webhook> = { url, authentication: { type: 'NONE' }, enabledEvents: ['x'] };
    const other = { ...WEBHOOK, ...change, providerId: 'b' };
    expect(codes(change, [other])).toEqual([
      'DUPLICATE_SUBSCRIPTION',
      'NO_AUTHENTICATION',
      'UNKNOWN_EVENT',
      'INSECURE_URL',
      'PRIVATE_HOST',
      'CREDENTIALS_IN_URL',
    ]);
    for (const { message } of findings(change, [other])) expect(message).not.toMatch(/hunter2|s3cret|10\.0\.0\.1/);
  });
});
