// Who may call what concerns users: the vendor's text for a refused caller names verb and path (easemob.md N-11).
import type { Need } from '../../contract/operations/caller.ts'
import type { EasemobCall } from './route.ts'

/** The user that the path names, by username or uuid. */
export function userOf(call: EasemobCall): string {
  return call.params.user!
}

/** The app's own token. */
export function appOnly(call: EasemobCall): Need {
  return { is: 'app', verb: call.exchange.method.toLowerCase(), path: pathOf(call) }
}

/** The app's own token, or that of the user in the path. */
export function appOrSelf(call: EasemobCall): Need {
  return { is: 'self', user: userOf(call), verb: call.exchange.method.toLowerCase(), path: pathOf(call) }
}

/** Any token of the app or of its users: who among those may, the core decides. */
export function anyToken({ exchange, place }: EasemobCall): Need {
  return { is: 'token', verb: exchange.method.toLowerCase(), path: place.subPath }
}

/** As asked for: whether the user exists, and under which uuid, is nothing to tell such a caller. */
function pathOf({ params }: EasemobCall): string {
  return params.user === undefined ? '/users' : `/users/${params.user}`
}
