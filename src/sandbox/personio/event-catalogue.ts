const PERSON = ['person.id'];
const EMPLOYMENT = ['employment.id', 'person.id'];
const ABSENCE = ['absence_period.id'];
const ATTENDANCE = ['attendance_period.id'];
const DOCUMENT = ['document.id', 'document.owner.id'];

/** The events that can be sent as a test, each with the payload keys that it demands. `ping` has its own operation. */
export const EVENT_CATALOGUE: ReadonlyMap<string, readonly string[]> = new Map([
  ['person.created', PERSON],
  ['person.updated', PERSON],
  ['person.deleted', PERSON],
  ['employment.created', EMPLOYMENT],
  ['employment.updated', EMPLOYMENT],
  ['employment.updated.cost-centers', EMPLOYMENT],
  ['employment.deleted', EMPLOYMENT],
  ['employment.started', EMPLOYMENT],
  ['employment.terminated', EMPLOYMENT],
  ['absence-period.created', ABSENCE],
  ['absence-period.updated.status', ABSENCE],
  ['absence-period.updated.timerange', ABSENCE],
  ['absence-period.deleted', ABSENCE],
  ['attendance-period.created', ATTENDANCE],
  ['attendance-period.updated', ATTENDANCE],
  ['attendance-period.deleted', ATTENDANCE],
  ['document.created', DOCUMENT],
  ['document.updated', DOCUMENT],
  ['document.deleted', DOCUMENT],
  ['document.signed', DOCUMENT],
]);
