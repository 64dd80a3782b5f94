import { access } from 'node:fs/promises'

/** Docker has its driver `nvidia` where its daemon found this program when it started (moby, daemon/nvidia_linux.go). */
const NVIDIA_HOOK = 'nvidia-container-runtime-hook'
const PROGRAM_FOLDERS = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/usr/local/sbin', '/bin', '/sbin']

export async function hasNvidiaHook(folders: readonly string[] = PROGRAM_FOLDERS): Promise<boolean> {
  const found = await Promise.all(
    folders.map((folder) =>
      access(`${folder}/${NVIDIA_HOOK}`).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}
