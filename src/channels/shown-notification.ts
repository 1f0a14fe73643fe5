import type { Members, VendorPush } from './channel.ts'

/**
 * What the device is to show: the push's notification; for a message that the app is not there to receive, the
 * notification that the push has for that case (jpush.md §3.1.1.1: one flat object, or one a platform under `v2`).
 * @returns undefined when there is neither
 */
export function shownOf(push: VendorPush): Members | undefined {
  const { notification, notification3rd, options, platform } = push
  if (notification) return notification
  if (!notification3rd || !push.message) return undefined
  if (options.notification_3rd_ver === 'v2') return asMembers(notification3rd[platform])
  const { content, ...members } = notification3rd
  return { ...members, alert: content }
}

export function asMembers(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}
