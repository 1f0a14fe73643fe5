import type { EasemobCall } from './client.ts'
import type { UserRequest } from './users.ts'

/** A group or a chat room: whichever is named. */
export type GroupOrRoom =
  | { readonly groupId: string; readonly roomId?: undefined }
  | { readonly roomId: string; readonly groupId?: undefined }

/** @param below what of it is meant, such as `/mute` @param more the params of that */
export function at(
  { groupId, roomId }: GroupOrRoom,
  below = '',
  more: Readonly<Record<string, string>> = {},
): Pick<EasemobCall, 'template' | 'params'> {
  return groupId === undefined
    ? { template: `/chatrooms/:room${below}`, params: { room: roomId, ...more } }
    : { template: `/chatgroups/:group${below}`, params: { group: groupId, ...more } }
}

/** A call below one user. */
export function ofUser(
  { username }: UserRequest,
  below = '',
  more: Readonly<Record<string, string>> = {},
): Pick<EasemobCall, 'template' | 'params'> {
  return { template: `/users/:username${below}`, params: { username, ...more } }
}
