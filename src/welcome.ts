import type { Runtime } from './runtime-file.ts'

/** What a start prints: where it listens and, the first time, everything a newcomer pastes. */
export function welcome({ http, mqtt, admin_token, apps }: Runtime, isFirstStart: boolean): string {
  const [demo] = apps
  const ready = `Posthouse is ready: HTTP ${http}, MQTT ${mqtt}`
  if (!isFirstStart || !demo) return ready
  const { org, app, client_id, client_secret, app_key, master_secret } = demo
  const push = '{"platform":"all","audience":"all","notification":{"alert":"Hello"}}'
  return `${ready}

A demo app was made for you: ${org}/${app}
  Easemob  client_id ${client_id}  client_secret ${client_secret}
  JPush    appKey ${app_key}  masterSecret ${master_secret}
  Console  ${http}/console  sign-in token ${admin_token}

Register a user (Easemob):
  curl -X POST ${http}/${org}/${app}/users -d '{"username":"alice","password":"secret"}'

Register a device, then push to all devices (JPush):
  curl -X POST ${http}/device/v1/registrations -u ${app_key}: -d '{"platform":"android"}'
  curl -X POST ${http}/v3/push -u ${app_key}:${master_secret} -d '${push}'

README.md goes on from here: a message, a device that listens, what a failure looks like.
`
}
