import type { EventType, ProviderFacts } from '../../domain/provider-facts.ts';

// The contract documents which keys a test event needs for persons and documents only (sendWebhookTestEvent).
const PERSON = documented('person.id');
const DOCUMENT = documented('document.id', 'document.owner.id');
// For the others the keys are inferred from the resource's name: good enough to try, not to promise.
const EMPLOYMENT = inferred('employment.id', 'person.id');
const ABSENCE = inferred('absence_period.id');
const ATTENDANCE = inferred('attendance_period.id');

const EVENT_TYPES: readonly EventType[] = [
  {
    name: 'ping',
    description: 'A synthetic event that only pingWebhook produces.',
    isSubscribable: false,
    requiredPayloadFields: null,
    samplePayloadFields: [],
  },
  eventType('person.created', PERSON, 'A person was added.'),
  eventType(
    'person.updated',
    PERSON,
    'A person changed. Custom attributes always fire it, built-in ones only in part.',
  ),
  eventType('person.deleted', PERSON, 'A person was removed.'),
  eventType('employment.created', EMPLOYMENT, 'An employment was added.'),
  eventType('employment.updated', EMPLOYMENT, 'An employment changed. Only some attributes fire it.'),
  eventType('employment.updated.cost-centers', EMPLOYMENT, 'The cost centers of an employment changed.'),
  eventType('employment.deleted', EMPLOYMENT, 'An employment was removed. Fires as well when its person is removed.'),
  eventType('employment.started', EMPLOYMENT, 'An employment began. Fires on the effective date.'),
  eventType('employment.terminated', EMPLOYMENT, 'An employment ended. Fires on the effective date.'),
  eventType('absence-period.created', ABSENCE, 'An absence was added.'),
  eventType('absence-period.updated.status', ABSENCE, 'The status of an absence changed.'),
  eventType('absence-period.updated.timerange', ABSENCE, 'The dates of an absence changed.'),
  eventType('absence-period.deleted', ABSENCE, 'An absence was removed.'),
  eventType('attendance-period.created', ATTENDANCE, 'An attendance was added.'),
  eventType('attendance-period.updated', ATTENDANCE, 'An attendance changed.'),
  eventType('attendance-period.deleted', ATTENDANCE, 'An attendance was removed.'),
  eventType('document.created', DOCUMENT, 'A document of an employee was added; it can arrive before it is visible.'),
  eventType('document.updated', DOCUMENT, 'A document of an employee changed.'),
  eventType('document.deleted', DOCUMENT, 'A document of an employee was removed.'),
  eventType('document.signed', DOCUMENT, 'A document of an employee was signed.'),
];

/** What Personio publishes about its webhooks (developer.personio.de/reference/webhooks). */
export const personioFacts: ProviderFacts = {
  eventTypes: EVENT_TYPES,
  // The contract types event names as plain strings.
  isEventListClosed: false,
  eventCatalogUrl: 'https://developer.personio.de/reference/webhooks',
  retentionDays: 30,
  maxEventsPerRedelivery: 100,
  signing: null,
  retryPolicy: {
    acknowledgeWithinSeconds: 3,
    // The first attempt and up to 6 further ones, each of up to 2 quick requests.
    maxAttempts: 7,
    // The guide says 3 days, the changelog 6.
    horizonHours: null,
    retriedOn: ['SERVER_ERROR', 'NO_RESPONSE'],
    finalStatusCodes: [501],
    source: 'https://developer.personio.de/reference/webhooks',
  },
};

type PayloadFields = Pick<EventType, 'requiredPayloadFields' | 'samplePayloadFields'>;

function documented(...fields: readonly string[]): PayloadFields {
  return { requiredPayloadFields: fields, samplePayloadFields: fields };
}

function inferred(...fields: readonly string[]): PayloadFields {
  return { requiredPayloadFields: null, samplePayloadFields: fields };
}

function eventType(name: string, payloadFields: PayloadFields, description: string): EventType {
  return { name, description, isSubscribable: true, ...payloadFields };
}
