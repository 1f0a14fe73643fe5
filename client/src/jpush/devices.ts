// Devices, tags and aliases: jpush.md §3.3.
import type { CallOptions } from '../caller.ts'
import type { JpushCall, JpushClient } from './client.ts'
import type { Platform } from './push-object.ts'

/** Which device. */
export interface DeviceRequest extends CallOptions {
  readonly registrationId: string
}

/** What is kept of a device. */
export interface Device {
  readonly tags: readonly string[]
  /** `""`: it has none. */
  readonly alias: string
  readonly mobile: string
}

/** A call to the device API. */
function of(
  method: string,
  template: string,
  rest: Omit<JpushCall, 'method' | 'template' | 'host'>,
): JpushCall {
  return { host: 'device', method, template, ...rest }
}

/**
 * Tags, alias and mobile number of a device. @throws PosthouseError `registration_id_invalid` for one that is none of
 * this app
 */
export function getDevice(
  client: JpushClient,
  { registrationId: rid, ...options }: DeviceRequest,
): Promise<Device> {
  return client.request(
    of('GET', '/v3/devices/:rid', { params: { rid }, expects: ['tags', 'alias'] }),
    options,
  )
}

/** What is changed of a device; what is not named stays. */
export interface DeviceChanges extends DeviceRequest {
  /** `''` takes all tags away; at most 100 to add and 100 to remove, 1,000 on a device. */
  readonly tags?: '' | { readonly add?: readonly string[]; readonly remove?: readonly string[] }
  /** `''` takes it away. */
  readonly alias?: string
  readonly mobile?: string
}

/** Changes what is given, and nothing else. */
export async function updateDevice(
  client: JpushClient,
  { registrationId: rid, tags, alias, mobile, signal }: DeviceChanges,
): Promise<void> {
  const body = { tags, alias, mobile }
  await client.request(of('POST', '/v3/devices/:rid', { params: { rid }, body }), { signal })
}

/** Whether a device is online. */
export interface DeviceStatus {
  /** Seen within ten minutes. */
  readonly online: boolean
  /** Where it is offline, and was seen within two days. */
  readonly last_online_time?: string
}

/** Which devices. */
export interface DevicesRequest extends CallOptions {
  /** 1–1,000. */
  readonly registrationIds: readonly string[]
}

/** @returns by registration_id; null: no device of this app */
export function listDeviceStatuses(
  client: JpushClient,
  { registrationIds, ...options }: DevicesRequest,
): Promise<Readonly<Record<string, DeviceStatus | null>>> {
  const body = { registration_ids: registrationIds }
  return client.request(of('POST', '/v3/devices/status', { body, expects: registrationIds }), options)
}

/** At most 100 a platform. */
export async function listTags(client: JpushClient, options?: CallOptions): Promise<readonly string[]> {
  const call = of('GET', '/v3/tags', { expects: ['tags'] })
  return (await client.request<{ readonly tags: readonly string[] }>(call, options)).tags
}

/** Which tag: up to 40 bytes. */
export interface TagRequest extends CallOptions {
  readonly tag: string
}

/** Has a device this tag? */
export async function isTagged(
  client: JpushClient,
  { tag, registrationId: rid, ...options }: TagRequest & DeviceRequest,
): Promise<boolean> {
  const call = of('GET', '/v3/tags/:tag/registration_ids/:rid', { params: { tag, rid }, expects: ['result'] })
  return (await client.request<{ readonly result: boolean }>(call, options)).result
}

/** Who gets a tag and who loses it: registration_ids. */
export interface TagChanges extends TagRequest {
  /** At most 1,000. */
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

/** Tags devices, and takes the tag from others; all or, where one id is wrong, none. */
export async function updateTag(
  client: JpushClient,
  { tag, add, remove, ...options }: TagChanges,
): Promise<void> {
  const body = { registration_ids: { add, remove } }
  await client.request(of('POST', '/v3/tags/:tag', { params: { tag }, body }), options)
}

/** Only devices of some platforms. */
export interface PlatformFilter {
  /** Absent: all. */
  readonly platforms?: readonly Platform[]
}

/** Takes the tag from every device. */
export async function deleteTag(
  client: JpushClient,
  { tag, platforms, ...options }: TagRequest & PlatformFilter,
): Promise<void> {
  const call = of('DELETE', '/v3/tags/:tag', { params: { tag }, query: { platform: platforms } })
  await client.request(call, options)
}

/** Which alias: up to 40 bytes. */
export interface AliasRequest extends CallOptions {
  readonly alias: string
}

/** A device of an alias. */
export interface AliasDevice {
  readonly registration_id: string
  readonly platform: Platform
  /** `YYYY-MM-DD`. */
  readonly last_online_date?: string
}

/** The devices of an alias, ten at most. */
export async function listAliasDevices(
  client: JpushClient,
  { alias, platforms, ...options }: AliasRequest & PlatformFilter,
): Promise<readonly AliasDevice[]> {
  const query = { platform: platforms, new_format: true }
  const call = of('GET', '/v3/aliases/:alias', { params: { alias }, query, expects: ['data'] })
  return (await client.request<{ readonly data: readonly AliasDevice[] }>(call, options)).data
}

/** Takes the alias from these devices. */
export async function unbindAlias(
  client: JpushClient,
  { alias, registrationIds, ...options }: AliasRequest & DevicesRequest,
): Promise<void> {
  const body = { registration_ids: { remove: registrationIds } }
  await client.request(of('POST', '/v3/aliases/:alias', { params: { alias }, body }), options)
}

/** Takes the alias from every device. */
export async function deleteAlias(
  client: JpushClient,
  { alias, platforms, ...options }: AliasRequest & PlatformFilter,
): Promise<void> {
  const call = of('DELETE', '/v3/aliases/:alias', { params: { alias }, query: { platform: platforms } })
  await client.request(call, options)
}
