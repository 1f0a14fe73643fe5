// Devices that alone are pushed to in the vendor's test mode (jpush.md §3.3.5). A Posthouse has none and refuses each of
// these calls with `not_entitled`.
import type { CallOptions } from '../caller.ts'
import type { JpushCall, JpushClient } from './client.ts'
import type { DeviceRequest } from './devices.ts'

/** A test device as it is kept. */
export interface TestDevice {
  readonly registration_id: string
  /** What its developer calls it. */
  readonly device_name: string
  readonly device_model?: string
  /** `YYYY-MM-DD HH:MM:SS`. */
  readonly registration_time?: string
  readonly create_time?: string
}

/** Which device, and what it is called. */
export interface NamedTestDevice extends DeviceRequest {
  readonly name: string
}

function of(
  method: string,
  action: string,
  rest: Omit<JpushCall, 'method' | 'template' | 'host'>,
): JpushCall {
  return { host: 'device', method, template: `/v3/test/model/${action}`, ...rest }
}

/** Makes a device a test device. */
export async function addTestDevice(client: JpushClient, request: NamedTestDevice): Promise<void> {
  await name(client, 'POST', 'add', request)
}

/** Calls a test device otherwise. */
export async function renameTestDevice(client: JpushClient, request: NamedTestDevice): Promise<void> {
  await name(client, 'PUT', 'update', request)
}

async function name(
  client: JpushClient,
  method: string,
  action: string,
  { registrationId, name, ...options }: NamedTestDevice,
): Promise<void> {
  const body = { registration_id: registrationId, device_name: name }
  await client.request(of(method, action, { body }), options)
}

/** It is an ordinary device again. */
export async function deleteTestDevice(
  client: JpushClient,
  { registrationId: rid, ...options }: DeviceRequest,
): Promise<void> {
  await client.request(of('DELETE', 'delete/:rid', { params: { rid } }), options)
}

/** Which test devices. */
export interface ListTestDevices extends CallOptions {
  /** From 1; with `pageSize`, or neither: the first 200. */
  readonly page?: number
  readonly pageSize?: number
  /** A part of the name. */
  readonly name?: string
  readonly registrationId?: string
}

/** The test devices of the app, by page. */
export async function listTestDevices(
  client: JpushClient,
  { page, pageSize, name, registrationId, ...options }: ListTestDevices = {},
): Promise<{ readonly total: number; readonly items: readonly TestDevice[] }> {
  const query = { page, page_size: pageSize, device_name: name, registration_id: registrationId }
  const call = of('GET', 'list', { query, expects: ['total', 'detail'] })
  type Answer = { readonly total: number; readonly detail: readonly TestDevice[] }
  const { total, detail } = await client.request<Answer>(call, options)
  return { total, items: detail }
}
