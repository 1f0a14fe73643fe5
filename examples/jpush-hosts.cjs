// The vendor's Node SDKs know only the vendor's hosts. Preloaded, this file leads their connections to the server in
// POSTHOUSE_URL; neither the SDK nor the program changes:
//   POSTHOUSE_URL=http://127.0.0.1:7080 node -r ./examples/jpush-hosts.cjs program.js
const https = require('node:https')
const net = require('node:net')
const tls = require('node:tls')

const { protocol, hostname, port } = new URL(process.env.POSTHOUSE_URL)
const isSecure = protocol === 'https:'
const server = { host: hostname, port: Number(port || (isSecure ? 443 : 80)), servername: hostname }

const agent = new https.Agent({ keepAlive: true })
const connectElsewhere = agent.createConnection
agent.createConnection = (options, done) => {
  if (!/\.jpush\.cn$/.test(options.host)) return connectElsewhere.call(agent, options, done)
  return isSecure ? tls.connect(server) : net.connect(server)
}
https.globalAgent = agent
