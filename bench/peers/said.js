// How a peer answers: for each line on its input, `do` runs, and one JSON line is what it found.
'use strict'
const readline = require('readline')
const fs = require('fs')
const os = require('os')
const path = require('path')

exports.say = (found) => process.stdout.write(JSON.stringify(found) + '\n')

exports.each = (work) => {
  const lines = readline.createInterface({ input: process.stdin })
  let before = Promise.resolve()
  lines.on('line', (line) => {
    before = before.then(() => work(line)).then(exports.say)
  })
  lines.on('close', () => process.exit(0))
}

exports.folder = (name) => fs.mkdtempSync(path.join(process.env.BENCH_FOLDER || os.tmpdir(), name + '-'))

exports.cpu = () => {
  const used = process.cpuUsage()
  return (used.user + used.system) / 1e6
}

exports.text = (n) => `post ${n} ` + 'the lift is out of order again and whoever has the key may ask '.slice(0, 66)

exports.now = () => Number(process.hrtime.bigint()) / 1e6
