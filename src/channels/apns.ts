// Pushes to Apple's devices: the provider API over HTTP/2 (Apple, "Sending notification requests to APNs"), with tokens
// where the app has a key, else with the certificate of the environment.
import { createHash } from 'node:crypto'
import { type Environment, identityOf } from './apns-certificates.ts'
import { type ApnsAddress, apnsAddressOf, readApnsAddress, readApnsCredentials } from './apns-credentials.ts'
import { apnsOutcomeOf } from './apns-outcome.ts'
import { apnsContentOf, type PushType, payloadBytesMax, pushTypeOf } from './apns-payload.ts'
import { apnsToken } from './apns-token.ts'
import type {
  Channel,
  ChannelSurroundings,
  Credentials,
  Members,
  Outcome,
  Sender,
  VendorPush,
} from './channel.ts'
import { Http2Pool } from './http2.ts'
import type { SignedToken } from './signed-token.ts'

const hosts: Readonly<Record<Environment, string>> = {
  production: 'https://api.push.apple.com',
  sandbox: 'https://api.sandbox.push.apple.com',
}
const topicSuffixes: Readonly<Record<PushType, string>> = {
  alert: '',
  background: '',
  voip: '.voip',
  liveactivity: '.push-type.liveactivity',
}
const collapseIdBytesMax = 64

export const apns: Channel = {
  name: 'apns',
  platforms: ['ios'],
  atOnceMax: 500,
  readCredentials: readApnsCredentials,
  accountName: ({ topic }) => String(topic),
  readAddress: readApnsAddress,
  carries: ({ notification, message, liveActivity, withdraws }) =>
    [notification, message, liveActivity, withdraws].some(part => part !== undefined),
  isRepeatable: push => {
    const pushType = pushTypeOf(push)
    // A notification with the same collapse id takes the place of the first, and so does a state of an activity. A second
    // call would ring again, a second start would start another activity, a background push would wake the app again.
    if (push.withdraws !== undefined) return true
    if (pushType === 'liveactivity') return push.liveActivity?.event !== 'start'
    return pushType === 'alert' && push.notification?.voip === undefined
  },
  open: (credentials, surroundings) => new ApnsSender(credentials, surroundings),
}

class ApnsSender implements Sender {
  readonly #topic: string
  readonly #baseUrl: string | undefined
  readonly #token: SignedToken | undefined
  readonly #credentials: Credentials
  readonly #surroundings: ChannelSurroundings
  readonly #pools = new Map<string, Http2Pool>()
  /** Under the operator's topic a device has been reached: it is the right one. */
  #isTopicProven = false

  constructor(credentials: Credentials, surroundings: ChannelSurroundings) {
    this.#topic = credentials.shown.topic as string
    this.#baseUrl = credentials.shown.base_url as string | undefined
    if (credentials.secret.key !== undefined)
      this.#token = apnsToken(credentials, surroundings.now, surroundings.memory)
    this.#credentials = credentials
    this.#surroundings = surroundings
  }

  async send(address: Members, push: VendorPush): Promise<Outcome> {
    const device = apnsAddressOf(address)
    const { pushType, priority, payload } = apnsContentOf(push, device)
    const bytes = Buffer.byteLength(payload)
    if (bytes > payloadBytesMax[pushType])
      return { is: 'refused', reason: `${bytes} bytes, not ${payloadBytesMax[pushType]} at most` }
    const token = tokenFor(device, pushType)
    const asked = environmentAskedBy(push)
    const environment = device.environment ?? asked
    const obstacle = this.#token ? undefined : this.#obstacleFor(environment, pushType)
    if (obstacle !== undefined) return { is: 'refused', reason: obstacle }
    const access = await this.#token?.get()
    const result = await this.#poolFor(environment).request({
      method: 'POST',
      path: `/3/device/${token}`,
      headers: {
        ...(access && { authorization: `bearer ${access.token}` }),
        'content-type': 'application/json',
        'apns-id': idOf(push.msgId, token),
        'apns-topic': (device.topic ?? this.#topic) + topicSuffixes[pushType],
        'apns-push-type': pushType,
        'apns-priority': String(priority),
        'apns-expiration': expirationOf(push, pushType),
        'apns-collapse-id': collapseIdOf(push),
      },
      body: payload,
    })
    const outcome = apnsOutcomeOf(result, this.#surroundings.now(), {
      isToApp: topicSuffixes[pushType] === '',
      isItsEnvironment: device.environment !== undefined || asked === 'production',
      isItsTopic: device.topic !== undefined || this.#isTopicProven,
      isTopicOfDevice: device.topic !== undefined,
      dropToken: () => access !== undefined && this.#token!.drop(access.token),
      hasCertificate: access === undefined,
    })
    if (outcome.is === 'accepted' && device.topic === undefined) this.#isTopicProven = true
    return outcome
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map(pool => pool.close()))
  }

  #poolFor(environment: Environment): Http2Pool {
    const url = this.#baseUrl ?? hosts[environment]
    const identity = this.#token ? undefined : identityOf(this.#credentials, environment)
    // A connection made with a certificate is for that certificate's environment, wherever it leads.
    const name = identity ? `${environment} ${url}` : url
    const pool = this.#pools.get(name) ?? new Http2Pool(url, { ...this.#surroundings, identity })
    this.#pools.set(name, pool)
    return pool
  }

  /**
   * Why a push cannot go out with a certificate. The app's other environment is none the worse for it, so it ends the
   * push and gives the app no rest.
   */
  #obstacleFor(environment: Environment, pushType: PushType): string | undefined {
    // Apple, "Starting and updating Live Activities with ActivityKit push notifications".
    if (pushType === 'liveactivity') return 'APNs takes live activities with a token key only'
    const identity = identityOf(this.#credentials, environment)
    if (!identity) return `the app has no certificate for the ${environment} environment`
    if (identity.expiresAt <= this.#surroundings.now())
      return `the certificate for the ${environment} environment has expired`
    return undefined
  }
}

/** Activities and calls have tokens of their own; a device that has given none may have given that one as its own. */
function tokenFor(device: ApnsAddress, pushType: PushType): string {
  if (pushType === 'voip') return device.voipToken ?? device.token
  if (pushType === 'liveactivity') return device.liveActivityToken ?? device.token
  return device.token
}

/** jpush.md §3.1.1.6: production is the default, and "false" may be text. */
function environmentAskedBy({ options }: VendorPush): Environment {
  const { apns_production } = options
  return apns_production === false || String(apns_production).toLowerCase() === 'false'
    ? 'sandbox'
    : 'production'
}

/** In seconds; 0 = now or never. A call that comes late is none. */
function expirationOf({ sentAt, expiresAt }: VendorPush, pushType: PushType): string {
  return pushType === 'voip' || expiresAt <= sentAt ? '0' : String(Math.floor(expiresAt / 1_000))
}

/** A repeat replaces what it repeats, and a push what it overrides. */
function collapseIdOf({ options, chainRoot, withdraws, msgId }: VendorPush): string {
  const { apns_collapse_id: own } = options
  const isUsable =
    typeof own === 'string' && /^[\x21-\x7e]+$/.test(own) && Buffer.byteLength(own) <= collapseIdBytesMax
  // Others may share the app's own id.
  return isUsable && withdraws === undefined ? own : chainRoot || msgId
}

/** A UUID that is the same for each attempt (RFC 9562 §5.8). */
function idOf(msgId: string, token: string): string {
  const bytes = createHash('sha256').update(`${msgId} ${token}`).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
