// A bare cdktf program that makes the resources of a plan (bench/run.mjs writes it from what our stacks synthesized): the same
// classes of the same provider packages, imported one by one, with literal values.
const { readFileSync } = require('node:fs');
const { App, AzurermBackend, TerraformResource, TerraformDataSource, TerraformProvider, TerraformStack } = require('cdktf');

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
if (process.argv[3] === 'without-stack-traces') {
  require('cdktf/lib/tokens/private/stack-trace').captureStackTrace = () => [];
}

const classes = new Map();
function classOf(path, type) {
  if (!classes.has(path))
    classes.set(
      path,
      Object.values(require(path)).find((value) => value?.tfResourceType === type),
    );
  return classes.get(path);
}

// azapi has no package of bindings: the base classes with the attributes as they are.
function generic(base, stack, id, type, attributes) {
  const terraformGeneratorMetadata = { providerName: 'azapi', providerVersion: '~> 2.8', providerVersionConstraint: '~> 2.8' };
  const element = new base(stack, id, {
    terraformResourceType: type,
    terraformGeneratorMetadata,
    terraformProviderSource: 'Azure/azapi',
  });
  for (const [key, value] of Object.entries(attributes)) element.addOverride(key, value);
}

const app = new App();
for (const { name, backend, elements } of plan.stacks) {
  const stack = new TerraformStack(app, name);
  new AzurermBackend(stack, backend);
  for (const { kind, path, type, id, config } of elements) {
    if (path) new (classOf(path, type))(stack, id, config);
    else
      generic(
        { resource: TerraformResource, data: TerraformDataSource, provider: TerraformProvider }[kind],
        stack,
        id,
        type,
        config,
      );
  }
}
app.synth();
