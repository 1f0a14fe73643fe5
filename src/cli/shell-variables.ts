import { readRuntime } from '../runtime-file.ts'

/**
 * Lines that give a shell the server's addresses and an app's credentials: what one pastes after it needs no editing.
 * @throws Error in words for the operator when no server runs on the data folder
 */
export function shellVariables(dataDir: string, app: Readonly<Record<string, unknown>>): string {
  const { http, mqtt } = readRuntime(dataDir)
  const { hostname, port } = new URL(mqtt)
  const values = {
    POSTHOUSE_URL: http,
    // An IPv6 address stands in brackets in a URL only.
    MQTT_HOST: hostname.replace(/^\[|\]$/g, ''),
    MQTT_PORT: port,
    APP_URL: `${http}/${app.org}/${app.app}`,
    CLIENT_ID: app.client_id,
    CLIENT_SECRET: app.client_secret,
    APP_KEY: app.app_key,
    MASTER_SECRET: app.master_secret,
  }
  return Object.entries(values)
    .map(([name, value]) => `export ${name}=${quoted(String(value))}`)
    .join('\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
