// A process whose files may not grow: puts sends into an outbox until it is told no, and says which are kept.
import { JpushClient } from '../src/jpush.ts'
import { Outbox } from '../src/outbox.ts'

const [path, baseUrl] = process.argv.slice(2)
const jpush = new JpushClient({ baseUrl: baseUrl!, appKey: 'k', masterSecret: 's' })
const outbox = new Outbox({ path: path!, jpush })
const push = { platform: 'all', audience: 'all', notification: { alert: 'x'.repeat(10_000) } } as const
const kept: string[] = []
let refusal = ''
while (refusal === '' && kept.length < 1_000) {
  try {
    kept.push(await outbox.send({ kind: 'push', push }))
  } catch (error) {
    refusal = String(error)
  }
}
process.stdout.write(JSON.stringify({ kept, refusal }), () => process.exit())
