/** What `weft init` writes into config.yaml: every setting with its default, switched off. */
export const CONFIG_TEMPLATE = `# Settings of this Weft peer. Flags and WEFT_* variables are stronger; \`weft config\` shows what counts.
# Take away a # to change a value.

# network: weft
# listen: [/ip4/0.0.0.0/tcp/4170, /ip4/0.0.0.0/tcp/4171/ws]
# bootstrap: []
# Behind NAT: be reached through the bootstrap peers.
# relay: false
# mdns: true
# log: info
# Prometheus text over HTTP, for anybody who reaches it: a port of this machine alone, or HOST:PORT.
# metrics: off

# What jobs of this peer offer: a receipt so often; without this peer's word a job is stopped after so long, and then has so
# long to end by itself. Providers refuse less than 1s between receipts, and to stop after less than two of them, or over a minute later than four.
# terms:
#   interval: 10s
#   stopAfter: 60s
#   stopGrace: 10s

# Selling this machine's capacity.
# provide: false
# engine: auto
# region: eu-west

# For each hour of a GPU, a core, a GiB of memory and of disk; for each start; for each GiB sent.
# prices:
#   currency: USD
#   What an hour of one GPU costs; auto: the usual price of each card's class, as weft price shows it.
#   gpuHour: auto
#   cpuHour: 0.02
#   memoryGibHour: 0.003
#   diskGibHour: 0.0001
#   start: 0
#   egressGib: 0.01
#   How bids move these: fixed, utilisation (half when idle, twice when full), learning (up when won, down when lost).
#   policy: fixed
#   No bid asks less for an hour of a GPU, or of a core.
#   gpuFloor: 0
#   cpuFloor: 0
#   Hours of every day, UTC, at another price: ['22-6:0.5'] is half at night.
#   schedule: []

# Peers by id that pay nothing, or with PEER=0.5 half. Told to nobody.
# friends: []

# Work is done before it is signed for. Renters that have not paid here yet may leave so much unsigned, all together; left out: what the
# whole machine earns in ten minutes.
# credit:
#   strangers: 0.50

# How often in a day a provider asks others to show what they announce; 0: never.
# challenges: 4

# How often what is owed is put into statements without weft settle, with peers that are connected, and how much both must have earned
# since the last; left out: never.
# settle:
#   every: 1d
#   least: 1.00

# At most this much; left out: nearly everything.
# lend:
#   cpus: 4
#   memory: 16g
#   disk: 100g
#   diskReserve: 2g
#   gpus: auto
#   Which devices, at what hours, and what stays yours, changed while the peer runs: left out, capacity.yaml beside this file.
#   file: /etc/weft/capacity.yaml
`
