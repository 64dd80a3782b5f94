/**
 * Settings: flags before environment before config.yaml before defaults, each with its origin.
 *
 * @example
 * const { settings, origins } = resolveConfig({ flags: { provide: true }, env: process.env, file })
 */
export { CONFIG_SCHEMA } from './file.ts'
export { type ConfigSources, flagOf, type Origins, resolveConfig, SETTING_NAMES, type SettingName } from './resolve.ts'
export * from './settings.ts'
export { CONFIG_TEMPLATE } from './template.ts'
export * from './units.ts'
