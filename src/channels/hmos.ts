// Pushes to HarmonyOS 5 and later: Push Kit, API version 3 (Huawei, "Scenario-based messages").
import type { Channel, ChannelSurroundings, Credentials, Sender, VendorPush } from './channel.ts'
import { readHmosCredentials } from './hmos-credentials.ts'
import { hmosMessageOf, isCarried, isForSystem, isHmosRepeatable } from './hmos-message.ts'
import { hmosToken } from './hmos-token.ts'
import { HttpOrigins } from './http-request.ts'
import { readPushToken } from './huawei-credentials.ts'
import { HuaweiSender, pushKitUrl } from './huawei-sender.ts'

export const hmos: Channel = {
  name: 'hmos',
  platforms: ['hmos'],
  atOnceMax: 100,
  readCredentials: readHmosCredentials,
  accountName: ({ project_id }) => String(project_id),
  readAddress: value => readPushToken('hmos', 'pushService.getToken', value),
  carries: isCarried,
  isOnlyWay: isForSystem,
  isRepeatable: isHmosRepeatable,
  open,
}

function open(credentials: Credentials, surroundings: ChannelSurroundings): Sender {
  const { project_id, app_name, base_url = pushKitUrl } = credentials.shown
  const api = {
    url: `${base_url}/v3/${project_id}/messages:send`,
    requestOf: (push: VendorPush, ttlSeconds: number) => {
      const { pushType, body } = hmosMessageOf(push, ttlSeconds, app_name as string | undefined)
      const bodyFor = (token: string) => ({ ...body, target: { token: [token] } })
      return { headers: { 'push-type': String(pushType) }, message: body, bodyFor }
    },
  }
  const http = new HttpOrigins(surroundings)
  return new HuaweiSender(api, http, hmosToken(credentials, surroundings.now), surroundings)
}
