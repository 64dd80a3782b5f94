/** A TCP port of this machine that the system gives to nobody who asks for any: for a program that ends and starts again there. */
export function quietPort(): Promise<number>
