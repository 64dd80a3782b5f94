/**
 * Round trips between homes of nine world regions, whole milliseconds: 10th, 50th and 90th percentile over country pairs, each
 * pair at its mean and weighted by its pings; pairs with fewer than 100 pings are left out, and so is Central Asia.
 * Source: RIPE Atlas, 2.48 billion pings of March and April 2025 between probes of 173 countries, as published in
 * input-output-hk/ouroboros-leios, data/internet (country_rtt_stat.csv). Rows and columns are in the order of INTERNET_REGIONS.
 */
export const INTERNET_REGIONS = [
  'north-america',
  'south-america',
  'europe',
  'africa',
  'middle-east',
  'south-asia',
  'southeast-asia',
  'east-asia',
  'oceania',
] as const

export const INTERNET_RTT_P10_MS = [
  '87 133 114 209 163 205 148 130 189',
  '133 41 161 197 228 318 284 240 266',
  '114 161 28 149 61 165 166 164 249',
  '209 197 149 13 177 269 273 298 365',
  '163 228 61 177 4 166 135 171 240',
  '205 318 165 269 166 19 70 107 153',
  '148 284 166 273 135 70 15 70 153',
  '130 240 164 298 171 107 70 5 123',
  '189 266 249 365 240 153 153 123 49',
] as const

export const INTERNET_RTT_P50_MS = [
  '108 181 117 220 192 212 183 139 192',
  '181 100 209 282 277 351 343 279 318',
  '117 209 50 182 99 183 186 196 269',
  '220 282 182 104 242 317 320 337 396',
  '192 277 99 242 91 214 225 268 308',
  '212 351 183 317 214 60 111 126 183',
  '183 343 186 320 225 111 67 84 154',
  '139 279 196 337 268 126 84 52 159',
  '192 318 269 396 308 183 154 159 54',
] as const

export const INTERNET_RTT_P90_MS = [
  '108 205 143 262 202 262 196 188 207',
  '205 146 241 352 322 369 369 347 352',
  '143 241 84 231 153 213 230 245 299',
  '262 352 231 223 284 361 342 372 427',
  '202 322 153 284 186 250 271 316 362',
  '262 369 213 361 250 293 166 255 246',
  '196 369 230 342 271 166 85 120 198',
  '188 347 245 372 316 255 120 109 272',
  '207 352 299 427 362 246 198 272 236',
] as const
