// What the vendor sells by its console: templates, push plans, vendors' quotas (jpush.md §3.1.9). A Posthouse has none and
// refuses each of these calls with `not_entitled`.
import type { CallOptions } from '../caller.ts'
import type { JpushClient } from './client.ts'
import type { Audience, PushOptions } from './push-object.ts'
import type { Trigger } from './schedules.ts'

/** How much of a vendor's quota a day has; −1: as much as you like. */
export interface VendorQuota {
  readonly total: number
  readonly used: number
}

/** Of notifications that concern their user alone, and of others. */
export interface VendorQuotas {
  readonly system?: VendorQuota
  readonly operation?: VendorQuota
}

/** By vendor: `xiaomi_quota`, `oppo_quota`, `vivo_quota`. */
export async function getVendorQuotas(
  client: JpushClient,
  options?: CallOptions,
): Promise<Readonly<Record<string, VendorQuotas>>> {
  const call = { method: 'GET', template: '/v3/push/quota', expects: ['data'] }
  return (await client.request<{ readonly data: Readonly<Record<string, VendorQuotas>> }>(call, options)).data
}

/** One push of several by a template; audiences are all of one kind. */
export interface TemplatePush {
  /** What stands for the variables of the template. */
  readonly keys?: Readonly<Record<string, string>>
  readonly audience: 'all' | Audience
  readonly options?: PushOptions
  /** Comes back with what became of it. */
  readonly trace_id?: string
}

/** What became of one push of several; code 0: it was accepted. */
export interface TemplateResult {
  readonly code: number
  readonly message: string
  readonly trace_id?: string
}

/** Pushes by a template. */
export interface TemplateRequest extends CallOptions {
  /** The template's id in the console. */
  readonly id: string
  /** At least one. */
  readonly pushes: readonly TemplatePush[]
}

/** Pushes by a template. It has no cid: where no answer came, it is not repeated. @returns one a push, in their order */
export async function sendByTemplate(
  client: JpushClient,
  { id, pushes, ...options }: TemplateRequest,
): Promise<readonly (TemplateResult & { readonly message_id?: string })[]> {
  const call = {
    method: 'POST',
    template: '/v3/push/template',
    body: { id, params: pushes },
    repeat: 'unsafe',
    expects: ['data.push_list'],
  } as const
  type Answer = {
    readonly data: { readonly push_list: readonly (TemplateResult & { readonly message_id?: string })[] }
  }
  return (await client.request<Answer>(call, options)).data.push_list
}

/** When pushes by a template are sent. */
export interface ScheduleByTemplate extends TemplateRequest {
  /** Of the schedule. */
  readonly name: string
  readonly trigger: Trigger
}

/** Schedules pushes by a template; as `sendByTemplate`, with a `schedule_id` each. */
export async function scheduleByTemplate(
  client: JpushClient,
  { id, pushes, name, trigger, ...options }: ScheduleByTemplate,
): Promise<readonly (TemplateResult & { readonly schedule_id?: string })[]> {
  const call = {
    method: 'POST',
    template: '/v3/push/template/schedule',
    body: { id, params: pushes, schedule_name: name, trigger },
    repeat: 'unsafe',
    expects: ['data.schedule_list'],
  } as const
  type Answer = {
    readonly data: { readonly schedule_list: readonly (TemplateResult & { readonly schedule_id?: string })[] }
  }
  return (await client.request<Answer>(call, options)).data.schedule_list
}

/** Which plan, and what is said of it. */
export interface PlanRequest extends CallOptions {
  /** What pushes name it by, in `options.push_plan`… of the vendor. */
  readonly name: string
  readonly description?: string
}

/** Makes a plan: pushes that belong together in the vendor's reports. */
export async function createPushPlan(client: JpushClient, request: PlanRequest): Promise<void> {
  await changePlan(client, 'POST', '/v3/push_plan/create', request)
}

/** Changes the description of a plan. */
export async function updatePushPlan(client: JpushClient, request: PlanRequest): Promise<void> {
  await changePlan(client, 'PUT', '/v3/push_plan/update', request)
}

async function changePlan(
  client: JpushClient,
  method: string,
  template: string,
  { name, description, ...options }: PlanRequest,
): Promise<void> {
  await client.request({ method, template, body: { name, description } }, options)
}

/** A plan as it is kept. */
export interface PushPlan {
  readonly name: string
  readonly description?: string
  readonly push_count?: number
  /** `YYYY-MM-DD HH:MM:SS`. */
  readonly create_time?: string
  readonly last_used_time?: string
  /** 0: by the API, 1: in the console. */
  readonly send_source?: 0 | 1
}

/** Which plans. */
export interface ListPushPlans extends CallOptions {
  /** From 1. */
  readonly page?: number
  /** Default 50. */
  readonly pageSize?: number
  /** A part of the name or of the description. */
  readonly search?: string
  readonly source?: 0 | 1
}

/** The plans of the app, by page. */
export async function listPushPlans(
  client: JpushClient,
  { page, pageSize, search, source, ...options }: ListPushPlans = {},
): Promise<{ readonly total: number; readonly items: readonly PushPlan[] }> {
  const query = { page, page_size: pageSize, info: search, send_source: source }
  const call = {
    method: 'GET',
    template: '/v3/push_plan/list',
    query,
    expects: ['data.total', 'data.detail'],
  }
  type Answer = { readonly data: { readonly total: number; readonly detail: readonly PushPlan[] } }
  const { total, detail } = (await client.request<Answer>(call, options)).data
  return { total, items: detail }
}
