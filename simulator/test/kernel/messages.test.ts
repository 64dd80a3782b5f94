import { describe, expect, test } from 'vitest'
import { MessageTable } from '../../src/kernel/index.ts'

describe('the table of messages', () => {
  test('keeps a message as long as a copy of it is under way, then uses its handle again', () => {
    const table = new MessageTable()
    const order = Uint8Array.of(1, 2, 3)
    const handle = table.intern(order, 2)
    expect([table.size(handle), table.bytes(handle), table.bytesAlive]).toEqual([3, order, 3])
    table.retain(handle)
    table.release(handle, 2)
    expect(table.count).toBe(1)
    table.release(handle)
    expect([table.count, table.bytesAlive]).toEqual([0, 0])
    expect(() => table.bytes(handle)).toThrow('was released')
    expect(table.intern(Uint8Array.of(9))).toBe(handle)
  })

  test('gives one handle to one array and two to two that are alike', () => {
    const table = new MessageTable()
    const order = Uint8Array.of(1)
    const handle = table.intern(order)
    expect(table.intern(order)).toBe(handle)
    expect(table.intern(Uint8Array.of(1))).not.toBe(handle)
    table.release(handle)
    expect(table.bytes(handle)).toBe(order)
    table.release(handle)
    expect(table.count).toBe(1)
  })

  test('refuses more messages than it may hold, releases of nothing, and handles that never were', () => {
    const table = new MessageTable({ messagesMax: 100 })
    const handles = Array.from({ length: 100 }, (_, i) => table.intern(Uint8Array.of(i)))
    expect(() => table.intern(new Uint8Array(1))).toThrow('more than 100 messages are alive')
    expect(handles.map((handle) => table.bytes(handle)[0])).toEqual(handles.map((_, i) => i))
    expect(() => table.release(0, 2)).toThrow('more often than retained')
    for (const handle of [-1, 100, 0.5]) expect(() => table.retain(handle)).toThrow('was released')
    expect(() => table.intern(new Uint8Array(1), 0)).toThrow('at least one')
  })
})
