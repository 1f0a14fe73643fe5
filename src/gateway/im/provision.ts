// PROVISION: who is it, on which device, with what to prove it (msync.md §5 steps 2 and 3).
import { Refusal } from '../../contract/refusal.ts'
import {
  type Decoded,
  type Frame,
  MalformedBytes,
  type Provision,
  provisionCodec,
} from '../../msync/codec.ts'
import { type Connection, closeCodes } from './connection.ts'
import { provisionFrame, provisionRefused } from './frames.ts'

export interface Login {
  /** `org#app` */
  readonly appKey: string
  readonly org: string
  readonly app: string
  readonly username: string
  readonly credentials: { readonly token: string } | { readonly password: string }
  readonly resource: string
  readonly deviceUuid: string
  readonly deviceName: string
  readonly os: string
  /** What an earlier session of the device is told when this one displaces it. */
  readonly reason: string
}

const osNames: Readonly<Record<number, string>> = {
  0: 'ios',
  1: 'android',
  2: 'linux',
  3: 'osx',
  4: 'windows',
  6: 'harmony',
  16: 'web',
}
const nameBytesMax = 256
/** The Web SDK counts down to an expiry with a timer that goes no further; past it, it would log itself out. */
const countdownMsMax = 2 ** 31 - 1

export async function provision(connection: Connection, frame: Decoded<Frame>): Promise<void> {
  try {
    const wish = provisionCodec.decode(frame.payload)
    const login = readLogin(frame, wish)
    const { session, expiresAt } = await connection.sessions.open(connection, login)
    // The client left while the core was asked.
    if (connection.isClosed) return connection.sessions.close(session)
    connection.opened(session, expiresAt)
    connection.send(
      provisionFrame({
        resource: login.resource,
        sessionId: wish.sessionId,
        ...expiryOf(login, expiresAt),
      }),
    )
  } catch (error) {
    if (connection.isClosed) return
    if (error instanceof Refusal) connection.send(provisionRefused(error))
    connection.finish(error instanceof MalformedBytes ? closeCodes.invalidData : closeCodes.policy)
    if (!(error instanceof Refusal || error instanceof MalformedBytes)) throw error
  }
}

/** @throws Refusal `login_invalid` */
function readLogin({ guid, auth }: Decoded<Frame>, wish: Decoded<Provision>): Login {
  const { appKey = '', name = '', clientResource = '' } = guid ?? {}
  const [org, app, more] = appKey.split('#')
  if (!org || !app || more !== undefined) throw invalid('the login names no app')
  if (name === '') throw invalid('the login names no user')
  const resource = wish.resource || clientResource
  const { deviceUuid, deviceName, reason } = wish
  if (
    [appKey, name, resource, deviceUuid, deviceName, reason].some(
      text => Buffer.byteLength(text) > nameBytesMax,
    )
  )
    throw invalid('a name in the login is too long')
  return {
    appKey,
    org,
    app,
    username: name,
    credentials: credentialsOf(auth, wish),
    resource: resource || deviceUuid || 'default',
    deviceUuid,
    deviceName,
    os: osNames[wish.osType] ?? 'other',
    reason,
  }
}

/** @throws Refusal `login_invalid` */
function credentialsOf(
  frameAuth: string,
  { auth, authToken, password }: Decoded<Provision>,
): Login['credentials'] {
  const token = (tokenIn(authToken) || frameAuth || auth).replace(/^\$t\$/, '')
  if (token !== '') return { token }
  if (password !== '') return { password }
  throw invalid('the login brings no token')
}

function tokenIn(json: string): string {
  try {
    const value: unknown = json === '' ? undefined : JSON.parse(json)
    const token = value && typeof value === 'object' && 'token' in value ? value.token : undefined
    return typeof token === 'string' ? token : ''
  } catch {
    return ''
  }
}

/** An absolute expiry or none at all: anything else, clients take for one that has passed (msync.md §6). */
function expiryOf({ credentials }: Login, expiresAt: number): Pick<Provision, 'authToken'> {
  if (!('token' in credentials) || expiresAt - Date.now() > countdownMsMax) return {}
  return { authToken: JSON.stringify({ token: credentials.token, expires_in: expiresAt }) }
}

function invalid(what: string): Refusal {
  return new Refusal('login_invalid', { what })
}
