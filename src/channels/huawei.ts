// Pushes to Huawei's devices up to HarmonyOS 4: HMS Push Kit, API version 1, with an OAuth token of the app (Huawei,
// "Sending Downlink Messages"). Later systems are reached by hmos.ts, with tokens that this one does not take.
import type { Channel, ChannelSurroundings, Credentials, Sender, VendorPush } from './channel.ts'
import { HttpOrigins } from './http-request.ts'
import { readHuaweiCredentials, readPushToken } from './huawei-credentials.ts'
import { huaweiMessageOf } from './huawei-message.ts'
import { HuaweiSender, pushKitUrl } from './huawei-sender.ts'
import { huaweiToken } from './huawei-token.ts'
import { isShown } from './shown-notification.ts'

export const huawei: Channel = {
  name: 'huawei',
  platforms: ['android'],
  atOnceMax: 100,
  readCredentials: readHuaweiCredentials,
  accountName: ({ app_id }) => String(app_id),
  readAddress: value => readPushToken('huawei', 'HmsInstanceId.getToken', value),
  carries: push => isShown(push) || push.message !== undefined || push.withdraws !== undefined,
  // Of notifications with one tag the last is shown. What only the app gets, it gets twice.
  isRepeatable: push => isShown(push) || push.withdraws !== undefined,
  open,
}

function open(credentials: Credentials, surroundings: ChannelSurroundings): Sender {
  const { app_id, app_name, base_url = pushKitUrl } = credentials.shown
  const http = new HttpOrigins(surroundings)
  const api = {
    url: `${base_url}/v1/${app_id}/messages:send`,
    requestOf: (push: VendorPush, ttlSeconds: number) => {
      const message = huaweiMessageOf(push, ttlSeconds, app_name as string | undefined)
      const bodyFor = (token: string) => ({ validate_only: false, message: { ...message, token: [token] } })
      return { message, bodyFor }
    },
  }
  return new HuaweiSender(api, http, huaweiToken(credentials, http, surroundings.now), surroundings)
}
