import { EXIT, usage } from '../exit.ts'
import { print, type Verb } from '../verb.ts'

/** `weft completion bash|zsh|fish`. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<shell>', 'bash, zsh or fish')
  },
  async run(context, [shell = '']) {
    const { VERBS } = await import('../program.ts')
    const script = completionScript(
      shell,
      Object.entries(VERBS).map(([name, { summary }]) => ({ name, summary })),
    )
    print(context, { shell, script }, () => script.trimEnd())
    return EXIT.done
  },
}

/** Completes verbs, and for verbs about jobs the names that `weft ps` knows; `explain` takes files, too. */
export function completionScript(shell: string, verbs: readonly { name: string; summary: string }[]): string {
  const names = verbs.map(({ name }) => name).join(' ')
  const jobs = `weft ps --all --json 2>/dev/null | grep -o '"name":"[^"]*"' | cut -d'"' -f4`
  if (shell === 'bash') {
    return [
      '_weft() {',
      `  local word="\${COMP_WORDS[COMP_CWORD]}" verb="\${COMP_WORDS[1]}"`,
      `  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${names}" -- "$word")); return; fi`,
      `  case "$verb" in show|logs|wait|stop|outputs) COMPREPLY=($(compgen -W "$(${jobs})" -- "$word"));; explain) COMPREPLY=($(compgen -f -- "$word") $(compgen -W "$(${jobs})" -- "$word"));; job) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "init schema" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi;; *) COMPREPLY=($(compgen -f -- "$word"));; esac`,
      '}',
      'complete -F _weft weft',
      '',
    ].join('\n')
  }
  if (shell === 'zsh') {
    const described = verbs.map(({ name, summary }) => `'${name}:${summary.replaceAll("'", '')}'`).join(' ')
    return [
      '#compdef weft',
      '_weft() {',
      `  if (( CURRENT == 2 )); then local verbs=(${described}); _describe verb verbs; return; fi`,
      `  case "$words[2]" in show|logs|wait|stop|outputs) compadd -- \${(f)"$(${jobs})"};; explain) compadd -- \${(f)"$(${jobs})"}; _files;; job) if (( CURRENT == 3 )); then compadd -- init schema; else _files; fi;; *) _files;; esac`,
      '}',
      'compdef _weft weft',
      '',
    ].join('\n')
  }
  if (shell === 'fish') {
    const lines = verbs.map(
      ({ name, summary }) => `complete -c weft -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", '')}'`,
    )
    return [
      ...lines,
      `complete -c weft -n '__fish_seen_subcommand_from show logs wait stop outputs' -f -a "(${jobs})"`,
      `complete -c weft -n '__fish_seen_subcommand_from explain' -a "(${jobs})"`,
      `complete -c weft -n '__fish_seen_subcommand_from job' -a 'init schema'`,
      '',
    ].join('\n')
  }
  throw usage(`there are completions for bash, zsh and fish, not for "${shell}"`)
}
