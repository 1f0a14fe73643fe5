import type { Runtime } from './runtime-file.ts'

/** What a start prints: where it listens and, the first time, everything a newcomer pastes. */
export function welcome({ http, mqtt, admin_token, apps }: Runtime, isFirstStart: boolean): string {
  const [demo] = apps
  const ready = `Posthouse is ready: HTTP ${http}, MQTT ${mqtt}`
  if (!isFirstStart || !demo) return ready
  const base = `${http}/${demo.org}/${demo.app}`
  return `${ready}

A demo app was made for you: ${demo.org}/${demo.app}
  Easemob  client_id ${demo.client_id}  client_secret ${demo.client_secret}
  JPush    appKey ${demo.app_key}  masterSecret ${demo.master_secret}
  Console  ${http}/console  sign-in token ${admin_token}

Register a user in the Easemob dialect:
  curl -X POST ${base}/users -d '{"username":"alice","password":"secret"}'

Check a push in the JPush dialect (nothing is sent; until a device is registered the answer is 1011, "cannot find user"):
  curl -X POST ${http}/v3/push/validate -u ${demo.app_key}:${demo.master_secret} -d '{"platform":"all","audience":"all","notification":{"alert":"hello"}}'
`
}
