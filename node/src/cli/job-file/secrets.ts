/** Of a variable whose value hardly anybody would want to see committed. What only counts tokens, or names a file, is none. */
const NAME = /(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i
/** Beginnings that services give their keys, so that they can be found: GitHub, GitLab, Hugging Face, OpenAI, Slack, AWS, Google; PEM. */
const VALUE =
  /^\s*(gh[pousr]_[A-Za-z0-9]{20}|github_pat_|glpat-[\w-]{16}|hf_[A-Za-z0-9]{20}|sk-[\w-]{16}|xox[abprs]-\w|(AKIA|ASIA)[A-Z0-9]{16}\b|AIza[\w-]{30})|-----BEGIN [A-Z ]*PRIVATE KEY-----/
/** A switch, a number or a path is no secret, whatever the name. */
const HARMLESS = /^\s*(true|false|yes|no|on|off|none|\d{1,8}(\.\d+)?|\.{0,2}\/\S*)?\s*$/i

/** Whether a variable of a file looks like a secret: files are shared and committed. */
export const looksSecret = (name: string, value: string): boolean =>
  VALUE.test(value) || (NAME.test(name) && !HARMLESS.test(value))
