import { describe, expect, test } from 'vitest'
import { engines } from './engines.ts'
import { anOutput, scene } from './fixture.ts'

// Goal: what a hostile job tries is denied or bounded, on a real engine. Method: let it try, and look at what it says.
if (engines.length === 0) {
  test('what a hostile job tries is only shown on a container engine', ({ skip }) => skip('no container engine answers'))
}

for (const engine of engines) {
  describe(`a container over ${engine.name} ${engine.version}`, () => {
    const cases: { name: string; script: string; expected: RegExp; exitCode?: number }[] = [
      { name: 'is nobody, in no other group', script: 'id', expected: /uid=65534.* gid=65534/ },
      {
        name: 'has no capabilities and can gain none',
        script: 'grep -E "^(Cap(Prm|Eff|Bnd)|NoNewPrivs)" /proc/self/status',
        expected: /CapPrm:\t0+\nCapEff:\t0+\nCapBnd:\t0+\nNoNewPrivs:\t1/,
      },
      { name: 'runs under a seccomp filter', script: 'grep "^Seccomp:" /proc/self/status', expected: /Seccomp:\t2/ },
      { name: 'gains nothing from a set-uid root program', script: '/bin/busybox-suid id -u', expected: /65534/ },
      {
        name: 'has no network but loopback',
        script:
          'ls /sys/class/net; for to in 169.254.169.254 127.0.0.1:2375; do wget -q -T 1 http://$to/ 2>/dev/null || echo unreachable; done',
        expected: /^lo\nunreachable\nunreachable\n$/,
      },
      {
        name: 'cannot write to its root file system',
        script: 'echo x > /etc/passwd || echo denied; echo x > /new || echo denied',
        expected: /denied[\s\S]*denied/,
      },
      {
        name: 'cannot mount, or make a device',
        script: 'mount -t tmpfs none /data || echo denied; mknod /tmp/sda b 8 0 || echo denied',
        expected: /denied[\s\S]*denied/,
      },
      {
        name: 'sees none of the kernel’s switches',
        script:
          'echo 1 > /proc/sys/kernel/panic || echo denied; cat /proc/kcore | head -c 1 | wc -c; echo b > /proc/sysrq-trigger || echo denied',
        expected: /denied[\s\S]*0[\s\S]*denied/,
      },
      { name: 'sees only its own processes', script: 'ls /proc | grep -c "^[0-9]*$"', expected: /^[1-6]\n/ },
      {
        name: 'finds HOME and TMPDIR writable and executable',
        script: 'for d in $HOME $TMPDIR; do cp /bin/busybox $d/busybox-x; $d/busybox-x echo ran in $d; done',
        expected: /ran in \/home\/weft\nran in \/tmp/,
      },
      {
        name: 'cannot fill memory through its scratch folder',
        script: 'head -c 300000000 /dev/zero > /tmp/big || echo full',
        expected: /full\n/,
      },
      {
        name: 'gets no linker variable of the image, and no GPU',
        script: 'echo "[$LD_PRELOAD] $NVIDIA_VISIBLE_DEVICES $PATH"',
        expected: /\[\] void \/bin/,
      },
      { name: 'knows its lease', script: 'echo $WEFT_LEASE_ID', expected: /^[0-9a-f]{64}\n/ },
      { name: 'may open only so many files', script: 'ulimit -n; ulimit -c', expected: /4096\n0/ },
      {
        name: 'cannot fork without end',
        script: 'i=0; while [ $i -lt 700 ]; do sleep 600 & i=$((i+1)); done; echo never',
        expected: /can't fork/,
        exitCode: 2,
      },
    ]
    for (const { name, script, expected, exitCode } of cases) {
      test.concurrent(name, async () => {
        const made = await scene(engine)
        try {
          // busybox needs `cp` by its own name where no link was made.
          const { exit, output } = await made.run(made.work(['sh', '-c', `exec 2>&1; cp() { busybox cp "$@"; }; ${script}`]))
          expect(output).toMatch(expected)
          if (exitCode !== undefined) expect(exit.exitCode).toBe(exitCode)
        } finally {
          await made.close()
        }
      })
    }

    test('ends a container that takes more memory than granted, and says why', async () => {
      const made = await scene(engine)
      try {
        const work = made.work(['sh', '-c', 'x=$(head -c 400000000 /dev/zero | tr "\\0" a); echo got it all'])
        const { exit, output } = await made.run({ ...work, grant: { ...work.grant, memoryMib: 64 } })
        expect(output).not.toMatch(/got it all/)
        expect(exit.exitCode).not.toBe(0)
      } finally {
        await made.close()
      }
    })

    test('finds outputs writable although it owns nothing', async () => {
      const made = await scene(engine)
      try {
        const work = made.work(['sh', '-c', 'mkdir /out/a && echo hi > /out/a/b && cat /out/a/b'], {
          outputs: [anOutput('/out')],
        })
        const { output } = await made.run(work)
        expect(output).toBe('hi\n')
        await made.runner.collect(work.leaseId)
        expect(made.content.packed).toEqual([{ '0/a/b': 'hi\n' }])
        expect(made.content.shared).toEqual(['test-renter'])
      } finally {
        await made.close()
      }
    })
  })
}
