import { CLASSES, type Class } from './class.ts'

/** Names on the network. Each carries the network id, so that two meshes on one LAN never mix, and a version. */

export const orderTopic = (network: string, shelf: Class): string => `/weft/${network}/orders/${shelf}/1`
export const capacityTopic = (network: string, shelf: Class): string => `/weft/${network}/capacity/${shelf}/1`
/** Every topic there is; a peer refuses others. */
export const allTopics = (network: string): string[] =>
  CLASSES.flatMap((shelf) => [orderTopic(network, shelf), capacityTopic(network, shelf)])

/** What belongs on one topic. */
export interface TopicMessages {
  kind: 'order' | 'capacity'
  class: Class
}

/** Every topic of a network, with what belongs on it. */
export const topicMessages = (network: string): Map<string, TopicMessages> =>
  new Map(
    CLASSES.flatMap((shelf): [string, TopicMessages][] => [
      [orderTopic(network, shelf), { kind: 'order', class: shelf }],
      [capacityTopic(network, shelf), { kind: 'capacity', class: shelf }],
    ]),
  )

/** DHT key of a provider's capacity record, and the shelves it stands on. */
export const capacityKey = (provider: string): string => `capacity/${provider}`
export const classShelf = (shelf: Class): string => `class/${shelf}`
export const modelShelf = (vendor: string, model: string): string => `model/${vendor.toLowerCase()}/${model.toLowerCase()}`
