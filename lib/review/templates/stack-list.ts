/** A stack as pipelines need it. */
export interface PipelineStack {
  readonly name: string;
  readonly environment: string;
  /** Stacks that are applied before it. */
  readonly dependencies: readonly string[];
}

/** Stacks in an order in which each comes after what it depends on. */
export function inOrder(stacks: readonly PipelineStack[]): PipelineStack[] {
  const known = new Map(stacks.map((stack) => [stack.name, stack]));
  const placed = new Map<string, PipelineStack>();
  const place = (stack: PipelineStack, trail: readonly string[]) => {
    if (placed.has(stack.name) || trail.includes(stack.name)) return;
    for (const name of stack.dependencies) {
      const before = known.get(name);
      if (before) place(before, [...trail, stack.name]);
    }
    placed.set(stack.name, stack);
  };
  for (const stack of stacks) place(stack, []);
  return [...placed.values()];
}

/** Stacks of the pipeline that a stack is applied directly after. */
export function directlyBefore(stack: PipelineStack, stacks: readonly PipelineStack[]): string[] {
  return stack.dependencies.filter((name) => stacks.some((other) => other.name === name));
}

/** For each stack that others are applied before: all of these, as JSON. */
export function orderOf(stacks: readonly PipelineStack[]): string {
  const before = new Map<string, ReadonlySet<string>>();
  for (const stack of inOrder(stacks)) {
    const direct = directlyBefore(stack, stacks);
    before.set(stack.name, new Set(direct.flatMap((name) => [...(before.get(name) ?? []), name])));
  }
  const known = [...before].filter(([, names]) => names.size > 0).map(([name, names]) => [name, [...names]]);
  return JSON.stringify(Object.fromEntries(known));
}

/** A name that GitHub and Azure DevOps both take for a job. */
export function jobName(stack: string): string {
  return stack.replace(/[^A-Za-z0-9]/g, '_').replace(/^(?=\d)/, '_');
}
