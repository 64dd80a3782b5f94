import type { ChannelEvents, Channels } from '../../ports/channels.ts'
import type { PeerId } from '../../units.ts'
import { CONTROL_BYTES_MAX } from '../../wire/limits.ts'
import { ascii, check, equal, type MeshCase, rejects, until, usingMesh } from './case.ts'

/** A sound peer id whose owner no mesh ever meets. */
const NOBODY = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp' as PeerId

/** What every Channels does. */
export const channelsCompliance: MeshCase<Channels>[] = [
  {
    name: 'control messages arrive whole, with their sender, in the order they were sent',
    run: (create) =>
      usingMesh(create, 2, async (mesh, first, second) => {
        listen(first.subject)
        const heard = listen(second.subject)
        const sent = Array.from({ length: 100 }, (_, index) => ascii(`message ${index}`))
        await Promise.all(sent.map((bytes) => first.subject.send(second.id, bytes)))
        await until(mesh, () => heard.messages.length >= sent.length, 'every message arrives')
        check(
          heard.messages.every(({ from }) => from === first.id),
          'the sender is named',
        )
        equal(
          heard.messages.map(({ bytes }) => bytes),
          sent,
          'nothing is lost, changed or out of order',
        )
      }),
  },
  {
    name: 'two peers send each other messages at the same time',
    run: (create) =>
      usingMesh(create, 2, async (mesh, first, second) => {
        const heard = [listen(first.subject), listen(second.subject)]
        await Promise.all([first.subject.send(second.id, ascii('there')), second.subject.send(first.id, ascii('back'))])
        await until(mesh, () => heard.every(({ messages }) => messages.length === 1), 'both messages arrive')
        equal(heard[0]?.messages[0]?.bytes, ascii('back'), 'the first hears the second')
        equal(heard[1]?.messages[0]?.bytes, ascii('there'), 'the second hears the first')
      }),
  },
  {
    name: 'the largest message arrives, a larger one is refused',
    run: (create) =>
      usingMesh(create, 2, async (mesh, first, second) => {
        listen(first.subject)
        const heard = listen(second.subject)
        const largest = new Uint8Array(CONTROL_BYTES_MAX).fill(7)
        await first.subject.send(second.id, largest)
        await until(mesh, () => heard.messages.length === 1, 'the largest message arrives')
        equal(heard.messages[0]?.bytes.length, CONTROL_BYTES_MAX, 'it arrives whole')
        await rejects(first.subject.send(second.id, new Uint8Array(CONTROL_BYTES_MAX + 1)), 'a message over the limit is refused')
      }),
  },
  {
    name: 'a peer that cannot be reached is an error with the code UNREACHABLE',
    run: (create) =>
      usingMesh(create, 2, async (_mesh, first) => {
        listen(first.subject)
        const error = await rejects(first.subject.send(NOBODY, ascii('hello')), 'sending to nobody fails')
        equal((error as Error & { code?: unknown }).code, 'UNREACHABLE', 'the error says that the peer cannot be reached')
      }),
  },
  {
    name: 'a message for an open connection leaves however little time it has',
    run: (create) =>
      usingMesh(create, 2, async (mesh, first, second) => {
        listen(first.subject)
        const heard = listen(second.subject)
        await first.subject.send(second.id, ascii('at once'), { withinMs: 0 })
        await until(mesh, () => heard.messages.length === 1, 'the message arrives')
      }),
  },
  {
    name: 'a message whose connection opens too late is given up as if its peer could not be reached, and no other is for it',
    run: (create) =>
      usingMesh(
        create,
        2,
        async (mesh, first, second) => {
          listen(first.subject)
          const heard = listen(second.subject)
          const send = (text: string, withinMs?: number) =>
            first.subject.send(second.id, ascii(text), { addresses: second.addresses ?? [], withinMs })
          const before = rejects(send('before', 0), 'a message that may not wait for a dial fails')
          const kept = [send('any time'), send('in time', 60_000)]
          const behind = rejects(send('behind', 0), 'nor may it wait for the dial of another message')
          for (const error of await Promise.all([before, behind]))
            equal((error as Error & { code?: unknown }).code, 'UNREACHABLE', 'the error says that the peer cannot be reached')
          await Promise.all(kept)
          await until(mesh, () => heard.messages.length >= 2, 'the messages that may wait arrive')
          await send('after', 0)
          await until(mesh, () => heard.messages.length >= 3, 'once it is open the connection serves every message')
          const texts = heard.messages.map(({ bytes }) => String.fromCharCode(...bytes))
          equal(texts.sort(), ['after', 'any time', 'in time'], 'what was given up never arrives')
        },
        { apart: true },
      ),
  },
  {
    name: 'disconnecting a peer ends the connection on both sides and leaves others alone',
    run: (create) =>
      usingMesh(create, 3, async (mesh, first, second, third) => {
        const [here, there, elsewhere] = [listen(first.subject), listen(second.subject), listen(third.subject)]
        await first.subject.send(second.id, ascii('one'))
        await first.subject.send(third.id, ascii('one'))
        await until(mesh, () => there.messages.length === 1 && elsewhere.messages.length === 1, 'both peers are connected')
        first.subject.disconnect(second.id, 'a test')
        await until(mesh, () => here.lost.includes(second.id) && there.lost.includes(first.id), 'both sides see the end')
        await first.subject.send(third.id, ascii('two'))
        await until(mesh, () => elsewhere.messages.length === 2, 'the other peer still hears')
      }),
  },
]

interface Heard {
  messages: { from: PeerId; bytes: Uint8Array }[]
  lost: PeerId[]
}

function listen(channels: Channels): Heard {
  const heard: Heard = { messages: [], lost: [] }
  const events: ChannelEvents = {
    message: (from, bytes) => void heard.messages.push({ from, bytes }),
    connected: () => {},
    disconnected: (peer) => void heard.lost.push(peer),
  }
  channels.listen(events)
  return heard
}
