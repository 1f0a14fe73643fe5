// Pushes to Android through Firebase Cloud Messaging: its HTTP v1 API (Google, "Send a message using FCM HTTP v1 API").
import type { TokenSource } from './access-token.ts'
import type {
  Channel,
  ChannelSurroundings,
  Credentials,
  Members,
  Outcome,
  Sender,
  VendorPush,
} from './channel.ts'
import { readFcmAddress, readFcmCredentials } from './fcm-credentials.ts'
import { fcmMessageOf } from './fcm-message.ts'
import { fcmOutcomeOf } from './fcm-outcome.ts'
import { fcmToken } from './fcm-token.ts'
import { HttpOrigins } from './http-request.ts'
import { Http2Pool } from './http2.ts'
import { isShown } from './shown-notification.ts'

const googleUrl = 'https://fcm.googleapis.com'

export const fcm: Channel = {
  name: 'fcm',
  platforms: ['android'],
  atOnceMax: 250,
  readCredentials: readFcmCredentials,
  accountName: ({ project_id }) => String(project_id),
  readAddress: readFcmAddress,
  carries: ({ notification, message, withdraws }) =>
    notification !== undefined || message !== undefined || withdraws !== undefined,
  // By its tag a notification takes the place of the first on the device. Data alone would reach the app twice.
  isRepeatable: push => push.withdraws !== undefined || (isShown(push) && push.message === undefined),
  open: (credentials, surroundings) => new FcmSender(credentials, surroundings),
}

class FcmSender implements Sender {
  readonly #path: string
  readonly #access: TokenSource
  readonly #tokenHttp: HttpOrigins
  readonly #pool: Http2Pool
  readonly #now: () => number
  #isProven = false

  constructor(credentials: Credentials, surroundings: ChannelSurroundings) {
    const { project_id, base_url = googleUrl } = credentials.shown
    this.#path = `/v1/projects/${project_id}/messages:send`
    this.#tokenHttp = new HttpOrigins(surroundings)
    this.#access = fcmToken(credentials, this.#tokenHttp, surroundings.now)
    this.#pool = new Http2Pool(base_url as string, surroundings)
    this.#now = surroundings.now
  }

  async send(address: Members, push: VendorPush): Promise<Outcome> {
    const access = await this.#access.get()
    if ('outcome' in access) return access.outcome
    const message = fcmMessageOf(push, address.token as string, this.#now())
    const result = await this.#pool.request({
      method: 'POST',
      path: this.#path,
      headers: { authorization: `Bearer ${access.token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ message }),
    })
    const outcome = fcmOutcomeOf(result, this.#now(), {
      isProven: this.#isProven,
      dropToken: () => this.#access.drop(access.token),
    })
    if (outcome.is === 'accepted') this.#isProven = true
    return outcome
  }

  async close(): Promise<void> {
    await Promise.all([this.#tokenHttp.close(), this.#pool.close()])
  }
}
