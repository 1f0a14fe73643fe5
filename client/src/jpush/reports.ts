// Reports: jpush.md §3.2. Counters without data are null.
import type { CallOptions } from '../caller.ts'
import type { JpushCall, JpushClient, JpushGroupClient } from './client.ts'

/** Of which pushes a report is wanted. */
export interface ReportRequest extends CallOptions {
  /** At most 100; those that are not known have no row. */
  readonly msgIds: readonly string[]
}

/** null: there is no data. */
export type Count = number | null
/** A row by the vendor's names. */
export type ReportRow = Readonly<Record<string, unknown>> & { readonly msg_id: string }

function of(
  method: string,
  template: string,
  rest: Omit<JpushCall, 'method' | 'template' | 'host'>,
): JpushCall {
  return { host: 'report', method, template, ...rest }
}

const listed =
  (template: string) =>
  (client: JpushClient, { msgIds, ...options }: ReportRequest) =>
    client.request<readonly ReportRow[]>(of('GET', template, { query: { msg_ids: msgIds } }), options)

/** Deliveries, in the older form. */
export const listReceived = listed('/v3/received')
/** Deliveries, by channel. */
export const listReceivedDetails = listed('/v3/received/detail')
/** Targets, deliveries and clicks. */
export const listMessages = listed('/v3/messages')
/** Targets, deliveries, displays and clicks, by channel. */
export const listMessageDetails = listed('/v3/messages/detail')

/** Of which push, and on which devices. */
export interface MessageStatusRequest extends CallOptions {
  readonly msgId: string
  /** 1–1,000. */
  readonly registrationIds: readonly string[]
  /** `YYYY-MM-DD`; default today. */
  readonly date?: string
}

/** 0 delivered, 1 not delivered, 2 no device of this app, 3 not a target of the push, 4 system error. */
export type MessageStatus = 0 | 1 | 2 | 3 | 4

/** @returns by registration_id */
export function listMessageStatuses(
  client: JpushClient,
  { msgId, registrationIds, date, ...options }: MessageStatusRequest,
): Promise<Readonly<Record<string, { readonly status: MessageStatus }>>> {
  const body = { msg_id: msgId, registration_ids: registrationIds, date }
  return client.request(of('POST', '/v3/status/message', { body, expects: registrationIds }), options)
}

/** The span of a report of devices. */
export interface UsersRequest extends CallOptions {
  readonly unit: 'HOUR' | 'DAY' | 'MONTH'
  /** `2026-01-05 09`, `2026-01-05` or `2026-01`, as the unit is. */
  readonly start: string
  /** In units: at most 24, 60 or 2. */
  readonly duration: number
}

/** Devices by hour, day or month. */
export interface UsersReport {
  readonly time_unit: string
  readonly start: string
  readonly duration: number
  /** A platform's counters are left out where there is no data. */
  readonly items: readonly (Readonly<Record<string, unknown>> & { readonly time: string })[]
}

/** New, online and active devices. */
export function listUsers(client: JpushClient, { unit, start, duration, ...options }: UsersRequest) {
  const query = { time_unit: unit, start, duration }
  return client.request<UsersReport>(of('GET', '/v3/users', { query, expects: ['items'] }), options)
}

/** Of which group pushes a report is wanted. */
export interface GroupReportRequest extends CallOptions {
  /** At most 10. */
  readonly groupMsgIds: readonly string[]
}

/** `listMessageDetails` of group pushes. */
export function listGroupMessageDetails(
  client: JpushGroupClient,
  { groupMsgIds, ...options }: GroupReportRequest,
): Promise<readonly (Readonly<Record<string, unknown>> & { readonly group_msgid: string })[]> {
  const query = { group_msgids: groupMsgIds }
  return client.request(of('GET', '/v3/group/messages/detail', { query }), options)
}

/** `listUsers` over the apps of a group; at most 24 hours, 30 days or one month. */
export function listGroupUsers(
  client: JpushGroupClient,
  { unit, start, duration, ...options }: UsersRequest,
) {
  const query = { time_unit: unit, start, duration }
  return client.request<UsersReport>(of('GET', '/v3/group/users', { query, expects: ['items'] }), options)
}
