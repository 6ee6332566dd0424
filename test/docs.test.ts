import { expect, test } from 'vitest';
import { documentedOperations, withoutVolatile, writeAnswers } from './support/documented-operations.ts';
import { openSandboxGateway } from './support/gateway.ts';

// `RENEW_ANSWERS=1 npx vitest run test/docs.test.ts` writes the answers instead; look at what changes.
const isRenewing = process.env.RENEW_ANSWERS === '1';

test.each(['README.md'])('the operations of %s give the answers that it shows', async (file) => {
  const operations = documentedOperations(file);
  expect(operations.length).toBeGreaterThanOrEqual(4);
  const gateway = await openSandboxGateway();
  try {
    const answers: unknown[] = [];
    for (const { query } of operations) {
      const { status: _, errors, data } = await gateway.query(query);
      answers.push({ ...(errors && { errors }), data });
    }
    if (isRenewing) writeAnswers(file, answers);
    const promised = documentedOperations(file).map(({ name, answer }) => [name, withoutVolatile(JSON.parse(answer))]);
    expect(operations.map(({ name }, index) => [name, withoutVolatile(answers[index])])).toEqual(promised);
  } finally {
    await gateway.close();
  }
});

test('what the README tells of the deliveries is what the receiver got', async () => {
  const gateway = await openSandboxGateway();
  try {
    for (const { query } of documentedOperations('README.md')) await gateway.query(query);
    const received = gateway.sandbox.receiver.deliveries.map(({ headers }) => headers.authorization);
    expect(received).toEqual(['Bearer of-good-news', 'Bearer of-good-news']);
  } finally {
    await gateway.close();
  }
});
