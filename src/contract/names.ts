// The forms of names in the JPush dialect (jpush.md §1.10), and that of uuids.
import { jpushLimits } from './limits.ts'

/** Letters, digits, _, Chinese characters and @!#$&*+=.|¥ with its full-width twin. */
const tagForm = /^[\p{Script=Han}A-Za-z0-9_@!#$&*+=.|¥￥]+$/u
const registrationIdForm = /^[0-9A-Za-z_-]{1,64}$/
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const mediaIdForm = /^jgmedia-\d{1,2}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const encoder = new TextEncoder()

export function bytesOf(text: string): number {
  return encoder.encode(text).length
}

export function isTag(value: unknown): value is string {
  return typeof value === 'string' && tagForm.test(value) && bytesOf(value) <= jpushLimits.tagBytesMax
}

export function isAlias(value: unknown): value is string {
  return typeof value === 'string' && tagForm.test(value) && bytesOf(value) <= jpushLimits.aliasBytesMax
}

export function isRegistrationId(value: unknown): value is string {
  return typeof value === 'string' && registrationIdForm.test(value)
}

/** Chinese characters, letters, digits and _ (jpush.md §3.4.1). */
export function isScheduleName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^[\p{Script=Han}A-Za-z0-9_]+$/u.test(value) &&
    bytesOf(value) <= jpushLimits.scheduleNameBytesMax
  )
}

/** `{appKey}-{uuid}` */
export function isCid(value: unknown, appKey: string): value is string {
  return typeof value === 'string' && value.startsWith(`${appKey}-`) && isUuid(value.slice(appKey.length + 1))
}

/** `jgmedia-{n}-{uuid}`: what an image is named by in a push, whether there is such an image or not. */
export function isMediaId(value: unknown): value is string {
  return typeof value === 'string' && mediaIdForm.test(value)
}

export function isUuid(text: string): boolean {
  return uuidForm.test(text)
}
