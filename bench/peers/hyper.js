// hypercore: one log, its replication stream over a socket on loopback.
'use strict'
const { say, each, folder, cpu, text, now } = require('./said')
const net = require('net')
const Hypercore = require('hypercore')

async function offered (core) {
  const server = net.createServer((socket) => {
    socket.setNoDelay(true)
    const stream = core.replicate(false)
    stream.on('error', () => {})
    socket.on('error', () => {})
    socket.pipe(stream).pipe(socket)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server.address().port
}

function join (core, port) {
  const socket = net.connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  const stream = core.replicate(true)
  stream.on('error', () => {})
  socket.pipe(stream).pipe(socket)
}

async function live () {
  const a = new Hypercore(folder('hyper'))
  await a.ready()
  const b = new Hypercore(folder('hyper'), a.key)
  await b.ready()
  join(b, await offered(a))
  b.download({ start: 0, end: -1 })
  let heard = null
  const come = new Map()
  b.on('download', (index) => { come.set(index, true); if (heard) heard() })
  say({ ready: true })
  each(async (line) => {
    const ms = []
    for (let n = 0; n < Number(line); n++) {
      const began = now()
      const index = a.length
      await a.append(Buffer.from(text(index)))
      while (!come.has(index)) await new Promise((resolve) => { heard = resolve })
      await b.get(index)
      ms.push(now() - began)
    }
    return { ms }
  })
}

async function serve (count) {
  const a = new Hypercore(folder('hyper'))
  await a.ready()
  for (let n = 0; n < count; n++) await a.append(Buffer.from(text(n)))
  say({ address: String(await offered(a)), id: a.key.toString('hex') })
  process.stdin.resume().on('end', () => process.exit(0))
}

async function fetch (count, port, id) {
  const b = new Hypercore(folder('hyper'), Buffer.from(id, 'hex'))
  await b.ready()
  const [began, used] = [now(), cpu()]
  join(b, Number(port))
  await b.download({ start: 0, end: count }).done()
  say({ seconds: (now() - began) / 1000, cpu: cpu() - used })
  process.exit(0)
}

const [what, count, ...rest] = process.argv.slice(2)
;({ live, serve, fetch })[what](Number(count), ...rest)
