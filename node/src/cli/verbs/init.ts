import { shellWord } from '../../home/shell-word.ts'
import { EXIT } from '../exit.ts'
import { print, type Verb } from '../verb.ts'

/** `weft init`: repeating it changes nothing. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const { initHome } = await import('../../home/index.ts')
    const { home, peerId, made } = await initHome(context.dataFolder)
    print(context, { peerId, folder: home.folder, made }, () =>
      made.length === 0
        ? `${home.folder} is there already; peer ${peerId}`
        : `made ${home.folder}\npeer ${peerId}\nstart it with: weft up${context.flags.data === undefined ? '' : ` --data ${shellWord(home.folder)}`}`,
    )
    return EXIT.done
  },
}
