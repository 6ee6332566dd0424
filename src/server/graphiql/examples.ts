/** An operation that GraphiQL opens with, in a tab of its own. */
export interface GraphiQLExample {
  /** The operation's name, which is the tab's title. */
  readonly name: string;
  readonly query: string;
}

// Global ids of webhooks that the sandbox always has. Nobody can read them, so each example says whose id it is.
const PEOPLE_SYNC = 'V2ViaG9vazpQRVJTT05JTzo1MzNlNzIwNi1mNGEzLTExZWQtOWM4Yi00MzZmYWQwYjgyZDE';
const PAYROLL_CHANGES = 'V2ViaG9vazpQRVJTT05JTzo4OTgyMWUyNC0xYjE1LTExZWUtOGY4ZS00MzBmNjYwZTJmOWU';
const ACCESS_BADGES = 'V2ViaG9vazpQRVJTT05JTzpmNDExMTE5Ni0zYzVhLTRmMGUtOGE1MS01MDAwNTAwMDUwYzM';
const DIRECTORY_COPY = 'V2ViaG9vazpQRVJTT05JTzo3ZTEwMDAxMy04YzRlLTRiNmQtYTFmOS01ZDdjM2UyYjBhMTM';
const NOBODY = 'V2ViaG9vazpQRVJTT05JTzowMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDA';

const HOUR_MS = 3_600_000;

/**
 * What GraphiQL opens with, from looking to acting. Each runs as it stands on the sandbox; with other data, its id is to
 * be changed. Lines of comment are short enough for the half of a small screen, where the editor does not wrap them.
 * The sandbox counts its history back from its start, so the times in the examples count back from `startedMs`.
 */
export function graphiqlExamples({ startedMs }: { readonly startedMs: number }): readonly GraphiQLExample[] {
  const isoOfHoursBefore = (hours: number) =>
    new Date(Math.floor(startedMs / HOUR_MS - hours) * HOUR_MS).toISOString().replace('.000Z', 'Z');
  // The sandbox's outage, with an hour around it.
  const outage = { from: isoOfHoursBefore(6 * 24 + 8), to: isoOfHoursBefore(6 * 24 - 3) };

  return [
    {
      name: 'AllWebhooks',
      query: `# Every webhook of every provider in one list.
# Run it: the button on the right, or Ctrl-Enter.
# The tabs above are more examples. Their ids are
# the sandbox's; for webhooks of yours, put in an
# id that this list shows. (By keyboard alone:
# Ctrl-M lets Tab leave the editor.)
query AllWebhooks {
  webhooks(first: 50) {
    nodes {
      id
      provider
      description
      url
      status
      enabledEvents
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    unavailableProviders
  }
}
`,
    },
    {
      name: 'DeliveryLog',
      query: `# The latest failed deliveries of one webhook.
# Webhook: "Payroll changes"
query DeliveryLog {
  webhook(
    id: "${PAYROLL_CHANGES}"
  ) {
    description
    activity(first: 20, filter: { isDelivered: false }) {
      nodes {
        completedAt
        eventName
        outcome
        statusCode
        attempts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
    },
    {
      name: 'Providers',
      query: `# Which providers are connected, what their APIs
# can do, and which events they know.
query Providers {
  webhookProviders {
    name
    isConfigured
    isSandbox
    capabilities
    retentionDays
    eventTypes {
      name
      description
      requiredPayloadFields
    }
    signing {
      header
      algorithm
    }
  }
}
`,
    },
    {
      name: 'AnError',
      query: `# Two mistakes, to see what errors look like: the
# id of no webhook, and a page that is too long.
# "path" tells where, "extensions.code" what.
query AnError {
  notThere: webhook(
    id: "${NOBODY}"
  ) {
    description
  }
  tooMany: webhooks(first: 500) {
    nodes {
      description
    }
  }
}
`,
    },
    {
      name: 'PingAWebhook',
      query: `# Delivers a ping now: how the receiver answers.
# Webhook: "People sync to the data warehouse"
mutation PingAWebhook {
  pingWebhook(
    input: {
      id: "${PEOPLE_SYNC}"
    }
  ) {
    delivery {
      isDelivered
      statusCode
      outcome
    }
    webhook {
      description
      url
    }
  }
}
`,
    },
    {
      name: 'LiveTail',
      query: `# The delivery log as it grows, each delivery by
# itself. Run it, ping the webhook from another
# window (PingAWebhook), and watch. The same
# button stops it.
# Webhook: "People sync to the data warehouse"
subscription LiveTail {
  webhookActivity(
    webhookId: "${PEOPLE_SYNC}"
  ) {
    cursor
    node {
      completedAt
      eventName
      outcome
      statusCode
    }
  }
}
`,
    },
    {
      name: 'SendATestEvent',
      query: `# Delivers an event with a payload of your own.
# Webhook: "People sync to the data warehouse"
mutation SendATestEvent {
  sendTestEvent(
    input: {
      webhookId: "${PEOPLE_SYNC}"
      eventName: "person.updated"
      payload: { person: { id: "123" } }
    }
  ) {
    delivery {
      eventName
      isDelivered
      statusCode
      outcome
    }
    webhook {
      description
      url
    }
  }
}
`,
    },
    {
      name: 'UpdateAWebhook',
      query: `# Changes a webhook; what is left out stays so.
# Webhook: "Company directory (copy)"
mutation UpdateAWebhook {
  updateWebhook(
    input: {
      id: "${DIRECTORY_COPY}"
      description: "Company directory (copy, switched off)"
      status: DISABLED
    }
  ) {
    webhook {
      description
      status
      url
      updatedAt
    }
  }
}
`,
    },
    {
      name: 'ARefusedUpdate',
      query: `# A change that the provider refuses: no HTTPS.
# "violations" names the input that is at fault.
# Webhook: "Company directory (copy)"
mutation ARefusedUpdate {
  updateWebhook(
    input: {
      id: "${DIRECTORY_COPY}"
      url: "http://ok.receiver.example/directory"
    }
  ) {
    webhook {
      url
    }
  }
}
`,
    },
    {
      name: 'HealthOfAllWebhooks',
      query: `# How every webhook does, judged by its deliveries
# of the last 24 hours. DISABLED ones do nothing;
# UNKNOWN: the provider publishes no delivery log.
query HealthOfAllWebhooks {
  webhooks(first: 50) {
    nodes {
      description
      url
      health {
        state
        since
        consecutiveFailures
      }
      deliveryStats {
        total
        failed
        successRate
      }
    }
    unavailableProviders
  }
}
`,
    },
    {
      name: 'FindTheOutage',
      query: `# When did deliveries fail in the last week, and
# what would a redelivery send again? (Previewed
# here: only the hours of the outage itself.)
# Webhook: "Payroll changes"
query FindTheOutage {
  webhook(
    id: "${PAYROLL_CHANGES}"
  ) {
    description
    outages(window: { gte: "${isoOfHoursBefore(7 * 24)}" }) {
      startedAt
      endedAt
      failed
      outcome
      statusCode
      redeliverFrom
      redeliverTo
    }
    redeliveryPreview(
      occurredAt: {
        gte: "${outage.from}"
        lte: "${outage.to}"
      }
    ) {
      eventCount
      byEventName {
        eventName
        count
      }
      batches {
        from
        to
        eventCount
      }
    }
  }
}
`,
    },
    {
      name: 'ReadinessCheck',
      query: `# Is the receiver ready? A ping, then a made-up
# event of each kind that the webhook is told of,
# but those that say something ended: these only
# run when they are named in "eventNames".
# Webhook: "Access badges" (its receiver fails)
mutation ReadinessCheck {
  checkWebhook(
    input: {
      id: "${ACCESS_BADGES}"
    }
  ) {
    isReady
    checks {
      eventName
      status
      reason
      delivery {
        statusCode
        outcome
      }
    }
  }
}
`,
    },
    {
      name: 'RedeliverTheOutage',
      query: `# Delivers the events of a time again. Elsewhere,
# take the times from FindTheOutage, and one call
# for each of its batches. How far it has come:
# webhook(id:) { redelivery(redeliveryId:) {...} }
# Webhook: "Payroll changes"
mutation RedeliverTheOutage {
  redeliverWebhookEvents(
    input: {
      webhookId: "${PAYROLL_CHANGES}"
      occurredAt: {
        gte: "${outage.from}"
        lte: "${outage.to}"
      }
    }
  ) {
    redeliveryId
    redelivery {
      delivered
      failed
      isCountComplete
    }
    webhook {
      description
    }
  }
}
`,
    },
  ];
}
