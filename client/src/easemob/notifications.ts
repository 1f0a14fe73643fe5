// How users are notified while they are away: easemob.md §2.12. For the app, or but for templates for the user itself.
import type { CallOptions } from '../caller.ts'
import { settle } from '../settle.ts'
import { ask, askPage, type Page, type PageOf } from './ask.ts'
import type { EasemobClient } from './client.ts'
import { ofUser } from './place.ts'
import type { ConversationRequest, UserRequest } from './users.ts'

/** One device of a user. */
export interface DeviceRequest extends UserRequest {
  readonly deviceId: string
}

/** A device, and by what the push service knows it. */
export interface BindDevice extends DeviceRequest {
  /** Of the push service. Up to 512 characters. */
  readonly deviceToken: string
  /** The push credentials, by the name that the app gave them. */
  readonly notifierName: string
}

/** The user is pushed to on this device, one of 20 at most. */
export async function bindDevice(client: EasemobClient, request: BindDevice): Promise<void> {
  const { deviceId, deviceToken, notifierName } = request
  const body = { device_id: deviceId, device_token: deviceToken, notifier_name: notifierName }
  await client.request({ method: 'PUT', ...ofUser(request, '/push/binding'), body }, request)
}

/** The user is not pushed to on this device any more. */
export async function unbindDevice(client: EasemobClient, request: DeviceRequest): Promise<void> {
  const body = { device_id: request.deviceId, device_token: '', notifier_name: '' }
  await client.request({ method: 'PUT', ...ofUser(request, '/push/binding'), body }, request)
}

/** Which messages: all, those that name the user, none; `DEFAULT`: as is set for all conversations. */
export type Remind = 'DEFAULT' | 'ALL' | 'AT' | 'NONE'

/** When a user is notified. */
export interface NotificationSetting {
  readonly type?: Remind
  /** A time of every day, such as `21:30-08:00`; `''`: none. */
  readonly ignoreInterval?: string
  /** ms from now on, up to a week, where it is set; where it is read the moment at which it ends, epoch ms. */
  readonly ignoreDuration?: number
}

function of(request: ConversationRequest) {
  const { groupId, with: peer } = request
  const params = groupId === undefined ? { kind: 'user', key: peer } : { kind: 'chatgroup', key: groupId }
  return ofUser(request, '/notification/:kind/:key', params)
}

/** When the user is notified of a conversation, or `with` itself of all; what is not named stays. @returns what is set now */
export function setNotification(
  client: EasemobClient,
  { type, ignoreInterval, ignoreDuration, ...request }: ConversationRequest & NotificationSetting,
): Promise<NotificationSetting> {
  const body = { type, ignoreInterval, ignoreDuration }
  return ask(client, { method: 'PUT', ...of(request), body }, request)
}

/** @returns what is set, `{}` where nothing is */
export function getNotification(
  client: EasemobClient,
  request: ConversationRequest,
): Promise<NotificationSetting> {
  return ask(client, { method: 'GET', ...of(request) }, request)
}

/** Of which conversations. */
export interface GetNotifications extends UserRequest {
  /** Names, and ids: 20 together. */
  readonly usernames?: readonly string[]
  readonly groupIds?: readonly string[]
}

/** What is set, by name of the user and id of the group. */
export interface Notifications {
  readonly user: Readonly<Record<string, NotificationSetting>>
  readonly group: Readonly<Record<string, NotificationSetting>>
}

/** The same of several conversations, by name and id. */
export function getNotifications(
  client: EasemobClient,
  { usernames, groupIds, ...request }: GetNotifications,
): Promise<Notifications> {
  const query = { user: usernames, group: groupIds }
  return ask(client, { method: 'GET', ...ofUser(request, '/notification'), query }, request)
}

/** A conversation that has a setting of its own. */
export type OwnNotification =
  | { readonly user: string; readonly value: Remind }
  | { readonly group: string; readonly value: Remind }

/** Conversations that have a setting of their own. `limit` up to 50, default 10. */
export function listOwnNotifications(
  client: EasemobClient,
  { limit, cursor, ...request }: UserRequest & Page,
): Promise<PageOf<OwnNotification>> {
  return askPage(client, { ...ofUser(request, '/notification/mute/type'), query: { limit, cursor } }, request)
}

/** The language of a user. */
export interface SetLanguage extends UserRequest {
  /** Such as `EN`; up to 32 characters. */
  readonly language: string
}

/** The language in which the user is notified. */
export async function setNotificationLanguage(client: EasemobClient, request: SetLanguage): Promise<void> {
  const body = { translationLanguage: request.language }
  await ask(client, { method: 'PUT', ...ofUser(request, '/notification/language'), body }, request)
}

/** @returns `''` where none was set */
export async function getNotificationLanguage(client: EasemobClient, request: UserRequest): Promise<string> {
  const call = { method: 'GET', ...ofUser(request, '/notification/language'), expects: ['data.language'] }
  return (await ask<{ readonly language: string }>(client, call, request)).language
}

/** A text for notifications. */
export interface NewTemplate extends CallOptions {
  /** Up to 64 characters. */
  readonly name: string
  /** What the title and the text of a notification say, each up to 512 characters; `{0}` stands for the first argument that a message brings. */
  readonly title: string
  readonly content: string
}

/** A text as it is kept. */
export interface Template {
  readonly name: string
  readonly title_pattern: string
  readonly content_pattern: string
  /** Epoch ms. */
  readonly createAt: number
  readonly updateAt: number
}

const template = '/notification/template'

/** Makes a text for notifications, which messages name; one of this name is replaced. */
export function putTemplate(
  client: EasemobClient,
  { name, title, content, ...options }: NewTemplate,
): Promise<Template> {
  const body = { name, title_pattern: title, content_pattern: content }
  return ask(client, { method: 'POST', template, body }, options)
}

/** Which text. */
export interface TemplateRequest extends CallOptions {
  readonly name: string
}

/** @throws PosthouseError `template_unknown` */
export function getTemplate(client: EasemobClient, { name, ...options }: TemplateRequest): Promise<Template> {
  return ask(client, { method: 'GET', template: `${template}/:name`, params: { name } }, options)
}

/** Deletes a text for notifications. */
export async function deleteTemplate(
  client: EasemobClient,
  { name, ...options }: TemplateRequest,
): Promise<void> {
  const call = { method: 'DELETE', template: `${template}/:name`, params: { name } }
  await settle(client.request(call, options), 'missing')
}
