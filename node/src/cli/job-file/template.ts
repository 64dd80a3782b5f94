/** What `weft job init` writes: a job that runs as it is, and every other field switched off. */
export const jobTemplate = (
  file: string,
  schema?: string,
): string => `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`}\
# A job. Who would take it: weft explain ${file}     Run it: weft run -f ${file}
# Flags of weft run are stronger than what stands here. Take away a # to change a value.

# What weft ps, logs and show call it; left out: made from the image.
# name: hello

# One of your own engine (docker pull it first), or NAME@sha256:DIGEST, which a provider may have or pull.
image: debian:stable-slim

# A text is run by sh -c of the image, a list as it stands; left out: what the image says.
command: echo "hello from $(hostname)"

# Without a value: given at submission, by -e HF_TOKEN or this shell's own. That is the place for secrets.
# env:
#   EPOCHS: 3
#   HF_TOKEN:

# Working folder in the container.
# workdir: /data

# What the machine must have, at least.
resources:
  cpu: 1
  memory: 1GB
  disk: 1GB
# VENDOR:MODELS:MEMORY:COUNT, each of them optional.
#   gpu: nvidia:a100,h100:40GB:1

# Copied in. Paths are relative to this file.
# inputs:
#   - from: ./data
#     to: /data

# Brought back, however the job ends, into a folder that is empty or not there yet.
# outputs:
#   - path: /out
#     to: ./out

# Without a price weft run shows offers and asks; -y agrees to what stands here.
price:
  maxPerHour: 0.10
#   maxTotal: 1.00

time:
# Give up when nobody has taken it for so long.
  queue: 10m
# Stop it after so long; off: never.
  run: 1h

# Attempts that may be lost to providers and the network; and how often more when the program itself failed.
# retry:
#   attempts: 3
#   error: off

# A provider that lost this peer for so long stops the job; and how long it may go on though this machine is off.
# disconnect:
#   lostAfter: 60s
#   away: 8h

# placement:
#   regions: [eu]
`
