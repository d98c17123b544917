/** Environment of a stack: what stands before the first dash of its name; the name itself where there is none. */
export function environmentOf(stackName: string): string {
  return stackName.split('-')[0] ?? stackName;
}

/** Layer of a stack: what stands after the first dash of its name; the name itself where there is none. */
export function layerOf(stackName: string): string {
  const dash = stackName.indexOf('-');
  return dash < 0 ? stackName : stackName.slice(dash + 1);
}

/** Length of the longest chain of dependencies below each stack. */
export function depths(dependencies: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (name: string, trail: readonly string[]): number => {
    const known = found.get(name);
    if (known !== undefined) return known;
    if (trail.includes(name)) return 0;
    const below = (dependencies.get(name) ?? []).map((next) => visit(next, [...trail, name]) + 1);
    const depth = Math.max(0, ...below);
    found.set(name, depth);
    return depth;
  };
  for (const name of dependencies.keys()) visit(name, []);
  return found;
}

/** Environments in the order of the road to production; others first, by name. */
export function compareEnvironments(a: string, b: string): number {
  const rank = (environment: string) => ['dev', 'staging', 'prod'].indexOf(environment);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
