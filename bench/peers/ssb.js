// Scuttlebutt: ssb-db2 with ssb-ebt, tuned so that a lone message is written at once and not after 250 ms.
'use strict'
const { say, each, folder, cpu, text, now } = require('./said')
const SecretStack = require('secret-stack')
const caps = require('ssb-caps')
const keys = require('ssb-keys')
const { promisify } = require('util')

const TUNED = { addBatchThrottle: 1, writeTimeout: 1 }

function node (tuned) {
  return SecretStack({ caps })
    .use(require('ssb-db2')).use(require('ssb-db2/compat/ebt')).use(require('ssb-ebt')).call(null, {
    path: folder('ssb'),
    keys: keys.generate(),
    timeout: 3600000,
    timers: { inactivity: 3600000 },
    db2: tuned ? TUNED : {},
    connections: {
      incoming: { net: [{ scope: 'device', transform: 'shs', port: 0, host: '127.0.0.1' }] },
      outgoing: { net: [{ transform: 'shs' }] }
    }
  })
}

async function wants (bot, feeds) {
  for (const feed of feeds) bot.ebt.request(feed, true)
}

const publish = (bot, n) => promisify(bot.db.create)({ keys: bot.config.keys, content: { type: 'post', text: text(n) } })

async function live () {
  const [a, b] = [node(true), node(true)]
  await publish(a, 0)
  await publish(b, 0)
  const seen = new Map()
  b.db.onMsgAdded(({ kvt }) => { const done = seen.get(kvt.key); if (done) done(); else seen.set(kvt.key, true) })
  await wants(a, [a.id, b.id])
  await wants(b, [a.id, b.id])
  await promisify(b.connect)(a.getAddress('device'))
  say({ ready: true })
  let written = 0
  each(async (line) => {
    const ms = []
    for (let n = 0; n < Number(line); n++) {
      const began = now()
      const msg = await publish(a, ++written)
      if (!seen.has(msg.key)) await new Promise((resolve) => seen.set(msg.key, resolve))
      ms.push(now() - began)
    }
    return { ms }
  })
}

async function serve (count) {
  const a = node(false)
  for (let n = 0; n < count; n++) await publish(a, n)
  await wants(a, [a.id])
  await promisify(a.db.onDrain)()
  say({ address: a.getAddress('device'), id: a.id })
  process.stdin.resume().on('end', () => process.exit(0))
}

async function fetch (count, address, id) {
  const b = node(false)
  let come = 0
  const whole = new Promise((resolve) => b.db.onMsgAdded(() => { if (++come === count) resolve() }))
  await wants(b, [b.id, id])
  const [began, used] = [now(), cpu()]
  await promisify(b.connect)(address)
  await whole
  await promisify(b.db.onDrain)()
  say({ seconds: (now() - began) / 1000, cpu: cpu() - used })
  process.exit(0)
}

const [what, count, ...rest] = process.argv.slice(2)
;({ live, serve, fetch })[what](Number(count), ...rest)
