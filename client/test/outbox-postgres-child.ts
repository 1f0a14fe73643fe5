// A process that puts a send into an outbox within a transaction, says so, and then does nothing until it is killed.
import { Client } from 'pg'
import { PostgresStore } from '../src/outbox-postgres.ts'

const [config, send] = process.argv.slice(2).map(text => JSON.parse(text))
const client = new Client(config)
await client.connect()
const store = await PostgresStore.open({ pool: client as never })
await client.query('BEGIN')
process.stdout.write(await store.sendIn(client, send))
// It dies before that, or something is wrong.
setTimeout(() => process.exit(1), 30_000)
