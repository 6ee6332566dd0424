/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation CheckWebhook($input: CheckWebhookInput!) {\n  checkWebhook(input: $input) {\n    webhookId\n    isReady\n    checks {\n      eventName\n      status\n      reason\n      delivery {\n        ...TestDeliveryFields\n      }\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": typeof types.CheckWebhookDocument,
    "mutation CreateWebhook($input: CreateWebhookInput!) {\n  createWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": typeof types.CreateWebhookDocument,
    "mutation DeleteWebhook($input: DeleteWebhookInput!) {\n  deleteWebhook(input: $input) {\n    deletedWebhookId\n  }\n}": typeof types.DeleteWebhookDocument,
    "mutation PingWebhook($input: PingWebhookInput!) {\n  pingWebhook(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": typeof types.PingWebhookDocument,
    "mutation RedeliverWebhookEvents($input: RedeliverWebhookEventsInput!) {\n  redeliverWebhookEvents(input: $input) {\n    webhookId\n    redeliveryId\n    redelivery {\n      delivered\n      failed\n      isCountComplete\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": typeof types.RedeliverWebhookEventsDocument,
    "query RedeliveryPreview($id: ID!, $occurredAt: WebhookTimeRange!) {\n  webhook(id: $id) {\n    id\n    redeliveryPreview(occurredAt: $occurredAt) {\n      eventCount\n      byEventName {\n        eventName\n        count\n      }\n      batches {\n        from\n        to\n        eventCount\n      }\n      isComplete\n    }\n  }\n}": typeof types.RedeliveryPreviewDocument,
    "query Redelivery($id: ID!, $redeliveryId: ID!) {\n  webhook(id: $id) {\n    id\n    redelivery(redeliveryId: $redeliveryId) {\n      redeliveryId\n      delivered\n      failed\n      isCountComplete\n    }\n  }\n}": typeof types.RedeliveryDocument,
    "mutation SendTestEvent($input: SendTestEventInput!) {\n  sendTestEvent(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": typeof types.SendTestEventDocument,
    "fragment TestDeliveryFields on WebhookTestDelivery {\n  eventName\n  isDelivered\n  statusCode\n  outcome\n  attempts\n  completedAt\n  responseBody\n}": typeof types.TestDeliveryFieldsFragmentDoc,
    "mutation UpdateWebhook($input: UpdateWebhookInput!) {\n  updateWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": typeof types.UpdateWebhookDocument,
    "subscription WatchWebhookActivity($webhookId: ID!, $after: String, $since: DateTime, $filter: WebhookActivityFilter) {\n  webhookActivity(\n    webhookId: $webhookId\n    after: $after\n    since: $since\n    filter: $filter\n  ) {\n    cursor\n    node {\n      completedAt\n      eventName\n      isDelivered\n      attempts\n      statusCode\n      outcome\n      redeliveryId\n    }\n  }\n}": typeof types.WatchWebhookActivityDocument,
    "query WebhookActivity($id: ID!, $first: Int, $after: String, $filter: WebhookActivityFilter) {\n  webhook(id: $id) {\n    id\n    url\n    activity(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          completedAt\n          eventName\n          isDelivered\n          attempts\n          statusCode\n          outcome\n          redeliveryId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}": typeof types.WebhookActivityDocument,
    "query WebhookByProviderId($provider: WebhookProvider!, $providerId: ID!) {\n  webhookByProviderId(provider: $provider, providerId: $providerId) {\n    ...WebhookFields\n  }\n}": typeof types.WebhookByProviderIdDocument,
    "query WebhookDeliveries($id: ID!, $window: WebhookTimeRange, $bucket: WebhookTimelineBucket! = HOUR) {\n  webhook(id: $id) {\n    id\n    url\n    health(window: $window) {\n      state\n      since\n      consecutiveFailures\n      isComplete\n    }\n    deliveryStats(window: $window) {\n      from\n      to\n      total\n      delivered\n      failed\n      successRate\n      lastDeliveredAt\n      lastFailedAt\n      byStatusCode {\n        statusCode\n        count\n      }\n      byEventName {\n        eventName\n        delivered\n        failed\n      }\n      timeline(bucket: $bucket) {\n        startsAt\n        delivered\n        failed\n      }\n      isComplete\n    }\n    outages(window: $window) {\n      startedAt\n      endedAt\n      failed\n      outcome\n      statusCode\n      redeliverFrom\n      redeliverTo\n    }\n  }\n}": typeof types.WebhookDeliveriesDocument,
    "query WebhookEvents($id: ID!, $first: Int, $after: String, $filter: WebhookEventFilter) {\n  webhook(id: $id) {\n    id\n    events(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          eventName\n          occurredAt\n          companyId\n          payload\n          meta\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}": typeof types.WebhookEventsDocument,
    "fragment WebhookFields on Webhook {\n  id\n  provider\n  providerId\n  providerKey\n  url\n  description\n  status\n  enabledEvents\n  authentication {\n    type\n    headerNames\n  }\n  capabilities\n  createdAt\n  updatedAt\n}": typeof types.WebhookFieldsFragmentDoc,
    "query WebhookFindings($id: ID!) {\n  webhook(id: $id) {\n    id\n    findings {\n      code\n      message\n      eventName\n      otherWebhook {\n        id\n        url\n      }\n    }\n  }\n}": typeof types.WebhookFindingsDocument,
    "query WebhookProviders {\n  webhookProviders {\n    name\n    isConfigured\n    isSandbox\n    capabilities\n    eventTypes {\n      name\n      description\n      isSubscribable\n      requiredPayloadFields\n    }\n    isEventListClosed\n    eventCatalogUrl\n    retentionDays\n    signing {\n      header\n      algorithm\n      encoding\n      prefix\n      signedContent\n    }\n    retryPolicy {\n      acknowledgeWithinSeconds\n      maxAttempts\n      horizonHours\n      retriedOn\n      finalStatusCodes\n      source\n    }\n  }\n}": typeof types.WebhookProvidersDocument,
    "query Webhook($id: ID!) {\n  webhook(id: $id) {\n    ...WebhookFields\n  }\n}": typeof types.WebhookDocument,
    "query Webhooks($first: Int, $after: String, $filter: WebhookFilter) {\n  webhooks(first: $first, after: $after, filter: $filter) {\n    edges {\n      cursor\n      node {\n        ...WebhookFields\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    unavailableProviders\n  }\n}": typeof types.WebhooksDocument,
};
const documents: Documents = {
    "mutation CheckWebhook($input: CheckWebhookInput!) {\n  checkWebhook(input: $input) {\n    webhookId\n    isReady\n    checks {\n      eventName\n      status\n      reason\n      delivery {\n        ...TestDeliveryFields\n      }\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": types.CheckWebhookDocument,
    "mutation CreateWebhook($input: CreateWebhookInput!) {\n  createWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": types.CreateWebhookDocument,
    "mutation DeleteWebhook($input: DeleteWebhookInput!) {\n  deleteWebhook(input: $input) {\n    deletedWebhookId\n  }\n}": types.DeleteWebhookDocument,
    "mutation PingWebhook($input: PingWebhookInput!) {\n  pingWebhook(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": types.PingWebhookDocument,
    "mutation RedeliverWebhookEvents($input: RedeliverWebhookEventsInput!) {\n  redeliverWebhookEvents(input: $input) {\n    webhookId\n    redeliveryId\n    redelivery {\n      delivered\n      failed\n      isCountComplete\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": types.RedeliverWebhookEventsDocument,
    "query RedeliveryPreview($id: ID!, $occurredAt: WebhookTimeRange!) {\n  webhook(id: $id) {\n    id\n    redeliveryPreview(occurredAt: $occurredAt) {\n      eventCount\n      byEventName {\n        eventName\n        count\n      }\n      batches {\n        from\n        to\n        eventCount\n      }\n      isComplete\n    }\n  }\n}": types.RedeliveryPreviewDocument,
    "query Redelivery($id: ID!, $redeliveryId: ID!) {\n  webhook(id: $id) {\n    id\n    redelivery(redeliveryId: $redeliveryId) {\n      redeliveryId\n      delivered\n      failed\n      isCountComplete\n    }\n  }\n}": types.RedeliveryDocument,
    "mutation SendTestEvent($input: SendTestEventInput!) {\n  sendTestEvent(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": types.SendTestEventDocument,
    "fragment TestDeliveryFields on WebhookTestDelivery {\n  eventName\n  isDelivered\n  statusCode\n  outcome\n  attempts\n  completedAt\n  responseBody\n}": types.TestDeliveryFieldsFragmentDoc,
    "mutation UpdateWebhook($input: UpdateWebhookInput!) {\n  updateWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}": types.UpdateWebhookDocument,
    "subscription WatchWebhookActivity($webhookId: ID!, $after: String, $since: DateTime, $filter: WebhookActivityFilter) {\n  webhookActivity(\n    webhookId: $webhookId\n    after: $after\n    since: $since\n    filter: $filter\n  ) {\n    cursor\n    node {\n      completedAt\n      eventName\n      isDelivered\n      attempts\n      statusCode\n      outcome\n      redeliveryId\n    }\n  }\n}": types.WatchWebhookActivityDocument,
    "query WebhookActivity($id: ID!, $first: Int, $after: String, $filter: WebhookActivityFilter) {\n  webhook(id: $id) {\n    id\n    url\n    activity(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          completedAt\n          eventName\n          isDelivered\n          attempts\n          statusCode\n          outcome\n          redeliveryId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}": types.WebhookActivityDocument,
    "query WebhookByProviderId($provider: WebhookProvider!, $providerId: ID!) {\n  webhookByProviderId(provider: $provider, providerId: $providerId) {\n    ...WebhookFields\n  }\n}": types.WebhookByProviderIdDocument,
    "query WebhookDeliveries($id: ID!, $window: WebhookTimeRange, $bucket: WebhookTimelineBucket! = HOUR) {\n  webhook(id: $id) {\n    id\n    url\n    health(window: $window) {\n      state\n      since\n      consecutiveFailures\n      isComplete\n    }\n    deliveryStats(window: $window) {\n      from\n      to\n      total\n      delivered\n      failed\n      successRate\n      lastDeliveredAt\n      lastFailedAt\n      byStatusCode {\n        statusCode\n        count\n      }\n      byEventName {\n        eventName\n        delivered\n        failed\n      }\n      timeline(bucket: $bucket) {\n        startsAt\n        delivered\n        failed\n      }\n      isComplete\n    }\n    outages(window: $window) {\n      startedAt\n      endedAt\n      failed\n      outcome\n      statusCode\n      redeliverFrom\n      redeliverTo\n    }\n  }\n}": types.WebhookDeliveriesDocument,
    "query WebhookEvents($id: ID!, $first: Int, $after: String, $filter: WebhookEventFilter) {\n  webhook(id: $id) {\n    id\n    events(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          eventName\n          occurredAt\n          companyId\n          payload\n          meta\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}": types.WebhookEventsDocument,
    "fragment WebhookFields on Webhook {\n  id\n  provider\n  providerId\n  providerKey\n  url\n  description\n  status\n  enabledEvents\n  authentication {\n    type\n    headerNames\n  }\n  capabilities\n  createdAt\n  updatedAt\n}": types.WebhookFieldsFragmentDoc,
    "query WebhookFindings($id: ID!) {\n  webhook(id: $id) {\n    id\n    findings {\n      code\n      message\n      eventName\n      otherWebhook {\n        id\n        url\n      }\n    }\n  }\n}": types.WebhookFindingsDocument,
    "query WebhookProviders {\n  webhookProviders {\n    name\n    isConfigured\n    isSandbox\n    capabilities\n    eventTypes {\n      name\n      description\n      isSubscribable\n      requiredPayloadFields\n    }\n    isEventListClosed\n    eventCatalogUrl\n    retentionDays\n    signing {\n      header\n      algorithm\n      encoding\n      prefix\n      signedContent\n    }\n    retryPolicy {\n      acknowledgeWithinSeconds\n      maxAttempts\n      horizonHours\n      retriedOn\n      finalStatusCodes\n      source\n    }\n  }\n}": types.WebhookProvidersDocument,
    "query Webhook($id: ID!) {\n  webhook(id: $id) {\n    ...WebhookFields\n  }\n}": types.WebhookDocument,
    "query Webhooks($first: Int, $after: String, $filter: WebhookFilter) {\n  webhooks(first: $first, after: $after, filter: $filter) {\n    edges {\n      cursor\n      node {\n        ...WebhookFields\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    unavailableProviders\n  }\n}": types.WebhooksDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CheckWebhook($input: CheckWebhookInput!) {\n  checkWebhook(input: $input) {\n    webhookId\n    isReady\n    checks {\n      eventName\n      status\n      reason\n      delivery {\n        ...TestDeliveryFields\n      }\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"): (typeof documents)["mutation CheckWebhook($input: CheckWebhookInput!) {\n  checkWebhook(input: $input) {\n    webhookId\n    isReady\n    checks {\n      eventName\n      status\n      reason\n      delivery {\n        ...TestDeliveryFields\n      }\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateWebhook($input: CreateWebhookInput!) {\n  createWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"): (typeof documents)["mutation CreateWebhook($input: CreateWebhookInput!) {\n  createWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteWebhook($input: DeleteWebhookInput!) {\n  deleteWebhook(input: $input) {\n    deletedWebhookId\n  }\n}"): (typeof documents)["mutation DeleteWebhook($input: DeleteWebhookInput!) {\n  deleteWebhook(input: $input) {\n    deletedWebhookId\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation PingWebhook($input: PingWebhookInput!) {\n  pingWebhook(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"): (typeof documents)["mutation PingWebhook($input: PingWebhookInput!) {\n  pingWebhook(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RedeliverWebhookEvents($input: RedeliverWebhookEventsInput!) {\n  redeliverWebhookEvents(input: $input) {\n    webhookId\n    redeliveryId\n    redelivery {\n      delivered\n      failed\n      isCountComplete\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"): (typeof documents)["mutation RedeliverWebhookEvents($input: RedeliverWebhookEventsInput!) {\n  redeliverWebhookEvents(input: $input) {\n    webhookId\n    redeliveryId\n    redelivery {\n      delivered\n      failed\n      isCountComplete\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query RedeliveryPreview($id: ID!, $occurredAt: WebhookTimeRange!) {\n  webhook(id: $id) {\n    id\n    redeliveryPreview(occurredAt: $occurredAt) {\n      eventCount\n      byEventName {\n        eventName\n        count\n      }\n      batches {\n        from\n        to\n        eventCount\n      }\n      isComplete\n    }\n  }\n}"): (typeof documents)["query RedeliveryPreview($id: ID!, $occurredAt: WebhookTimeRange!) {\n  webhook(id: $id) {\n    id\n    redeliveryPreview(occurredAt: $occurredAt) {\n      eventCount\n      byEventName {\n        eventName\n        count\n      }\n      batches {\n        from\n        to\n        eventCount\n      }\n      isComplete\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Redelivery($id: ID!, $redeliveryId: ID!) {\n  webhook(id: $id) {\n    id\n    redelivery(redeliveryId: $redeliveryId) {\n      redeliveryId\n      delivered\n      failed\n      isCountComplete\n    }\n  }\n}"): (typeof documents)["query Redelivery($id: ID!, $redeliveryId: ID!) {\n  webhook(id: $id) {\n    id\n    redelivery(redeliveryId: $redeliveryId) {\n      redeliveryId\n      delivered\n      failed\n      isCountComplete\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SendTestEvent($input: SendTestEventInput!) {\n  sendTestEvent(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"): (typeof documents)["mutation SendTestEvent($input: SendTestEventInput!) {\n  sendTestEvent(input: $input) {\n    webhookId\n    delivery {\n      ...TestDeliveryFields\n    }\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment TestDeliveryFields on WebhookTestDelivery {\n  eventName\n  isDelivered\n  statusCode\n  outcome\n  attempts\n  completedAt\n  responseBody\n}"): (typeof documents)["fragment TestDeliveryFields on WebhookTestDelivery {\n  eventName\n  isDelivered\n  statusCode\n  outcome\n  attempts\n  completedAt\n  responseBody\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateWebhook($input: UpdateWebhookInput!) {\n  updateWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"): (typeof documents)["mutation UpdateWebhook($input: UpdateWebhookInput!) {\n  updateWebhook(input: $input) {\n    webhookId\n    webhook {\n      ...WebhookFields\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription WatchWebhookActivity($webhookId: ID!, $after: String, $since: DateTime, $filter: WebhookActivityFilter) {\n  webhookActivity(\n    webhookId: $webhookId\n    after: $after\n    since: $since\n    filter: $filter\n  ) {\n    cursor\n    node {\n      completedAt\n      eventName\n      isDelivered\n      attempts\n      statusCode\n      outcome\n      redeliveryId\n    }\n  }\n}"): (typeof documents)["subscription WatchWebhookActivity($webhookId: ID!, $after: String, $since: DateTime, $filter: WebhookActivityFilter) {\n  webhookActivity(\n    webhookId: $webhookId\n    after: $after\n    since: $since\n    filter: $filter\n  ) {\n    cursor\n    node {\n      completedAt\n      eventName\n      isDelivered\n      attempts\n      statusCode\n      outcome\n      redeliveryId\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookActivity($id: ID!, $first: Int, $after: String, $filter: WebhookActivityFilter) {\n  webhook(id: $id) {\n    id\n    url\n    activity(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          completedAt\n          eventName\n          isDelivered\n          attempts\n          statusCode\n          outcome\n          redeliveryId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}"): (typeof documents)["query WebhookActivity($id: ID!, $first: Int, $after: String, $filter: WebhookActivityFilter) {\n  webhook(id: $id) {\n    id\n    url\n    activity(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          completedAt\n          eventName\n          isDelivered\n          attempts\n          statusCode\n          outcome\n          redeliveryId\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookByProviderId($provider: WebhookProvider!, $providerId: ID!) {\n  webhookByProviderId(provider: $provider, providerId: $providerId) {\n    ...WebhookFields\n  }\n}"): (typeof documents)["query WebhookByProviderId($provider: WebhookProvider!, $providerId: ID!) {\n  webhookByProviderId(provider: $provider, providerId: $providerId) {\n    ...WebhookFields\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookDeliveries($id: ID!, $window: WebhookTimeRange, $bucket: WebhookTimelineBucket! = HOUR) {\n  webhook(id: $id) {\n    id\n    url\n    health(window: $window) {\n      state\n      since\n      consecutiveFailures\n      isComplete\n    }\n    deliveryStats(window: $window) {\n      from\n      to\n      total\n      delivered\n      failed\n      successRate\n      lastDeliveredAt\n      lastFailedAt\n      byStatusCode {\n        statusCode\n        count\n      }\n      byEventName {\n        eventName\n        delivered\n        failed\n      }\n      timeline(bucket: $bucket) {\n        startsAt\n        delivered\n        failed\n      }\n      isComplete\n    }\n    outages(window: $window) {\n      startedAt\n      endedAt\n      failed\n      outcome\n      statusCode\n      redeliverFrom\n      redeliverTo\n    }\n  }\n}"): (typeof documents)["query WebhookDeliveries($id: ID!, $window: WebhookTimeRange, $bucket: WebhookTimelineBucket! = HOUR) {\n  webhook(id: $id) {\n    id\n    url\n    health(window: $window) {\n      state\n      since\n      consecutiveFailures\n      isComplete\n    }\n    deliveryStats(window: $window) {\n      from\n      to\n      total\n      delivered\n      failed\n      successRate\n      lastDeliveredAt\n      lastFailedAt\n      byStatusCode {\n        statusCode\n        count\n      }\n      byEventName {\n        eventName\n        delivered\n        failed\n      }\n      timeline(bucket: $bucket) {\n        startsAt\n        delivered\n        failed\n      }\n      isComplete\n    }\n    outages(window: $window) {\n      startedAt\n      endedAt\n      failed\n      outcome\n      statusCode\n      redeliverFrom\n      redeliverTo\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookEvents($id: ID!, $first: Int, $after: String, $filter: WebhookEventFilter) {\n  webhook(id: $id) {\n    id\n    events(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          eventName\n          occurredAt\n          companyId\n          payload\n          meta\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}"): (typeof documents)["query WebhookEvents($id: ID!, $first: Int, $after: String, $filter: WebhookEventFilter) {\n  webhook(id: $id) {\n    id\n    events(first: $first, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          eventName\n          occurredAt\n          companyId\n          payload\n          meta\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment WebhookFields on Webhook {\n  id\n  provider\n  providerId\n  providerKey\n  url\n  description\n  status\n  enabledEvents\n  authentication {\n    type\n    headerNames\n  }\n  capabilities\n  createdAt\n  updatedAt\n}"): (typeof documents)["fragment WebhookFields on Webhook {\n  id\n  provider\n  providerId\n  providerKey\n  url\n  description\n  status\n  enabledEvents\n  authentication {\n    type\n    headerNames\n  }\n  capabilities\n  createdAt\n  updatedAt\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookFindings($id: ID!) {\n  webhook(id: $id) {\n    id\n    findings {\n      code\n      message\n      eventName\n      otherWebhook {\n        id\n        url\n      }\n    }\n  }\n}"): (typeof documents)["query WebhookFindings($id: ID!) {\n  webhook(id: $id) {\n    id\n    findings {\n      code\n      message\n      eventName\n      otherWebhook {\n        id\n        url\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query WebhookProviders {\n  webhookProviders {\n    name\n    isConfigured\n    isSandbox\n    capabilities\n    eventTypes {\n      name\n      description\n      isSubscribable\n      requiredPayloadFields\n    }\n    isEventListClosed\n    eventCatalogUrl\n    retentionDays\n    signing {\n      header\n      algorithm\n      encoding\n      prefix\n      signedContent\n    }\n    retryPolicy {\n      acknowledgeWithinSeconds\n      maxAttempts\n      horizonHours\n      retriedOn\n      finalStatusCodes\n      source\n    }\n  }\n}"): (typeof documents)["query WebhookProviders {\n  webhookProviders {\n    name\n    isConfigured\n    isSandbox\n    capabilities\n    eventTypes {\n      name\n      description\n      isSubscribable\n      requiredPayloadFields\n    }\n    isEventListClosed\n    eventCatalogUrl\n    retentionDays\n    signing {\n      header\n      algorithm\n      encoding\n      prefix\n      signedContent\n    }\n    retryPolicy {\n      acknowledgeWithinSeconds\n      maxAttempts\n      horizonHours\n      retriedOn\n      finalStatusCodes\n      source\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Webhook($id: ID!) {\n  webhook(id: $id) {\n    ...WebhookFields\n  }\n}"): (typeof documents)["query Webhook($id: ID!) {\n  webhook(id: $id) {\n    ...WebhookFields\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Webhooks($first: Int, $after: String, $filter: WebhookFilter) {\n  webhooks(first: $first, after: $after, filter: $filter) {\n    edges {\n      cursor\n      node {\n        ...WebhookFields\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    unavailableProviders\n  }\n}"): (typeof documents)["query Webhooks($first: Int, $after: String, $filter: WebhookFilter) {\n  webhooks(first: $first, after: $after, filter: $filter) {\n    edges {\n      cursor\n      node {\n        ...WebhookFields\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    unavailableProviders\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;