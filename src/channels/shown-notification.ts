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

/** An empty alert means that nothing is to be shown (jpush.md §3.1.1.3). */
export function isShown(push: VendorPush): boolean {
  const alert = shownOf(push)?.alert
  return typeof alert === 'string' && alert !== ''
}

export function asMembers(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}

/** Without what is undefined. */
export function given(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
