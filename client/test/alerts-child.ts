// A process that meets a trouble, cannot tell anybody, and is killed.
import { openAlerts, webhookSink } from '../src/alerts.ts'
import { JpushClient, sendPush } from '../src/jpush.ts'

const [path, url, baseUrl] = process.argv.slice(2) as [string, string, string]
const alerts = await openAlerts({ path, sinks: [webhookSink({ url })] })
const retry = { attempts: 1, unsentRetries: 0 }
const client = new JpushClient({
  baseUrl,
  appKey: 'k',
  masterSecret: 's',
  retry,
  observer: alerts.observe,
})
// It is killed before that, or something is wrong.
setTimeout(() => process.exit(1), 30_000)
await sendPush(client, {
  push: { platform: 'all', audience: 'all', notification: { alert: 'x' }, cid: 'c' },
}).catch(() => {})
