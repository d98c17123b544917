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

/** A name that GitHub and Azure DevOps both take for a job. */
export function jobName(stack: string): string {
  return stack.replace(/[^A-Za-z0-9]/g, '_').replace(/^(?=\d)/, '_');
}
