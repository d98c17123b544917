import type { PlanCompanion } from './plan-reader';
import type { StackModel } from './stack-model';

/** What the synthesized stack adds to its plan. */
export function companionOf(stack: StackModel): PlanCompanion {
  const blocks = (name: string) =>
    Object.fromEntries(
      stack.resources
        .filter((resource) => resource.attributes[name] !== undefined)
        .map((resource) => [resource.address, resource.attributes[name]]),
    );
  return {
    constructPaths: Object.fromEntries(stack.resources.map((resource) => [resource.address, resource.constructPath])),
    sourceLocations: Object.fromEntries(stack.resources.map((resource) => [resource.address, resource.sourceLocation])),
    lifecycles: blocks('lifecycle'),
    provisioners: blocks('provisioner'),
    acknowledgements: stack.acknowledgements,
    settings: ['terraform', 'variable', 'output'].flatMap((type) => stack.ofType(type)),
  };
}
