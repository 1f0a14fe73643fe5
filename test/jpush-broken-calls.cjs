// Makes calls of jpush-async's callback client, one after the other, with what it throws caught: it fails on every answer.
// Reads {appKey, masterSecret, calls} from its first argument; prints, call by call, what went over the wire and what its
// caller was told. Run with examples/jpush-hosts.cjs.
const https = require('node:https')
const { JPush } = require('jpush-async')

const { appKey, masterSecret, calls } = JSON.parse(process.argv[2])
const client = JPush.buildClient({ appKey, masterSecret, isDebug: false })

let wire
let settle
const { createConnection } = https.globalAgent
https.globalAgent.createConnection = (options, done) => {
  const socket = createConnection(options, done)
  const { write } = socket
  socket.write = (chunk, ...rest) => {
    wire.sent += chunk
    return write.call(socket, chunk, ...rest)
  }
  socket.on('data', chunk => {
    wire.answered += chunk
  })
  return socket
}
process.on('uncaughtException', error => settle(`thrown: ${error.message}`))
// Of an answer other than 200, beside what is thrown.
process.on('unhandledRejection', () => {})

async function run() {
  const lines = []
  for (const [method, ...args] of calls) {
    wire = { sent: '', answered: '' }
    const told = await new Promise(resolve => {
      settle = resolve
      client[method](...args, error => resolve(error ? error.message : 'done'))
    })
    lines.push({ method, ...wire, told })
  }
  process.stdout.write(`\n${JSON.stringify(lines)}`)
  https.globalAgent.destroy()
}

void run()
