// Pushes a text to every device of the app, and asks how many got it, with the vendor's own SDK:
//   node -r ./examples/jpush-hosts.cjs examples/push.cjs 'Hello'
//   node -r ./examples/jpush-hosts.cjs examples/push.cjs --report MSG_ID
const { buildClient, ALL } = require('jpush-sdk')

const { APP_KEY, MASTER_SECRET } = process.env
const client = buildClient({ appKey: APP_KEY, masterSecret: MASTER_SECRET, isDebug: false })
const [text, msgId] = process.argv.slice(2)

if (text === '--report') client.getReportReceiveds(msgId, print)
else client.push().setPlatform(ALL).setAudience(ALL).setNotification(text).send(print)

function print(error, answer) {
  if (!error) console.log(JSON.stringify(answer))
  else console.log(error.httpCode ? `HTTP ${error.httpCode} ${error.response}` : error.message)
}
