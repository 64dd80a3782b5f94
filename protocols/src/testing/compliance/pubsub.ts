import type { PubSub } from '../../ports/pubsub.ts'
import type { PeerId } from '../../units.ts'
import { ascii, check, equal, type MeshCase, until, usingMesh } from './case.ts'

/** The topics that a creator must allow. */
export const COMPLIANCE_TOPIC = '/weft/test/orders/cpu/1'
export const COMPLIANCE_TOPIC_OTHER = '/weft/test/capacity/cpu/1'

interface Heard {
  author: PeerId
  bytes: Uint8Array
}

/** What every PubSub does. Peers of the mesh are neighbours of each other. */
export const pubsubCompliance: MeshCase<PubSub>[] = [
  {
    name: 'a message reaches every other subscriber once, with its author and its bytes, and not its author',
    run: (create) =>
      usingMesh(create, 3, async (mesh, first, second, third) => {
        const heard = [first, second, third].map(({ subject }) => collect(subject, COMPLIANCE_TOPIC))
        await publishUntilHeard(mesh, first.subject, [heard[1], heard[2]])
        for (let turn = 0; turn < 5; turn++) await mesh.settle()
        check(heard[0]?.length === 0, 'the author does not hear itself')
        for (const messages of heard.slice(1)) {
          check(
            messages.every(({ author }) => author === first.id),
            'the author of each message is named',
          )
          const texts = messages.map(({ bytes }) => bytes.join(','))
          check(new Set(texts).size === texts.length, 'no message is judged twice')
        }
      }),
  },
  {
    name: 'only the topic that was subscribed is heard, and nothing after unsubscribing',
    run: (create) =>
      usingMesh(create, 3, async (mesh, first, second, third) => {
        const others = collect(third.subject, COMPLIANCE_TOPIC_OTHER)
        const leaver = collect(second.subject, COMPLIANCE_TOPIC)
        await publishUntilHeard(mesh, first.subject, [leaver])
        const before = leaver.length
        second.subject.unsubscribe(COMPLIANCE_TOPIC)
        for (let turn = 0; turn < 5; turn++) await mesh.settle()
        await first.subject.publish(COMPLIANCE_TOPIC, ascii('after'))
        for (let turn = 0; turn < 5; turn++) await mesh.settle()
        equal(leaver.length, before, 'who has unsubscribed hears nothing more')
        equal(others.length, 0, 'another topic stays silent')
      }),
  },
  {
    name: 'publishing to nobody is no error and says so',
    run: (create) =>
      usingMesh(create, 1, async (_mesh, only) => {
        equal((await only.subject.publish(COMPLIANCE_TOPIC, ascii('alone'))).recipients, 0, 'there are no recipients')
      }),
  },
]

function collect(pubsub: PubSub, topic: string): Heard[] {
  const heard: Heard[] = []
  pubsub.subscribe(topic, {
    hear: (author, bytes) => {
      heard.push({ author, bytes })
      return 'accept'
    },
  })
  return heard
}

/** Subscriptions take a moment to be known, so this repeats, with other bytes each time. */
async function publishUntilHeard(
  mesh: { settle(): Promise<void> },
  from: PubSub,
  listeners: readonly (readonly Heard[] | undefined)[],
): Promise<void> {
  let count = 0
  const tell = async (): Promise<boolean> => {
    if (listeners.every((heard) => heard !== undefined && heard.length > 0)) return true
    await from.publish(COMPLIANCE_TOPIC, ascii(`message ${count++}`))
    return false
  }
  await until(mesh, tell, 'every subscriber hears what is published')
}
