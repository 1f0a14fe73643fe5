// What an operator gives for HarmonyOS: the key file of the service account as Huawei's API Console gives it.
import { ChannelFault, type Credentials, type Members } from './channel.ts'
import { readAppName } from './huawei-credentials.ts'
import { readOverride, readServiceAccount } from './service-account.ts'

const names: ReadonlySet<string> = new Set(['service_account', 'app_name', 'base_url'])
const forms: Readonly<Record<string, RegExp>> = {
  project_id: /^\d{1,64}$/,
  key_id: /^[\x21-\x7e]{1,200}$/,
  sub_account: /^[\x21-\x7e]{1,200}$/,
}

/**
 * `service_account`, an object or its JSON text, is needed; a member that is not sent again stays, `null` takes an
 * optional one away. Its `project_id` is that of the project which the app belongs to.
 * @throws ChannelFault
 */
export function readHmosCredentials(wanted: Members, before: Credentials | undefined): Credentials {
  const unknown = Object.keys(wanted).find(name => !names.has(name))
  if (unknown !== undefined) throw new ChannelFault(`hmos has no member ${unknown}`)
  const account = wanted.service_account === undefined ? before : readAccount(wanted.service_account)
  if (!account) throw new ChannelFault('hmos.service_account is needed')
  const { project_id, key_id, sub_account } = account.shown
  return {
    shown: {
      project_id,
      key_id,
      sub_account,
      ...readAppName('hmos', wanted.app_name === undefined ? before?.shown.app_name : wanted.app_name),
      ...readOverride('hmos', 'base_url', wanted, before),
    },
    secret: account.secret,
  }
}

function readAccount(value: unknown): Credentials {
  const account = readServiceAccount('hmos.service_account', value, forms)
  const { project_id, key_id, sub_account, private_key } = account
  return { shown: { project_id, key_id, sub_account }, secret: { private_key } }
}
