/** Floors: generated <- shared <- features, studio <- app. Neighbours do not meet, and nothing goes in circles. */
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from, pathNot: "\\.test\\.tsx?$" },
  to: { path: "^src/", pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    only("generated-stands-alone", "^src/generated/", "^src/generated/"),
    only("shared-knows-no-feature", "^src/shared/", "^src/(shared|generated)/"),
    only("the-model-is-pure", "^src/studio/model/", "^src/(studio/model|shared/flow|generated)/"),
    only("studio-stands-alone", "^src/studio/", "^src/(studio|shared|generated)/"),
    only("features-do-not-meet", "^src/features/([^/]+)/", "^src/(features/$1|shared|generated)/"),
    {
      name: "the-model-needs-no-library",
      severity: "error",
      from: { path: "^src/studio/model/", pathNot: "\\.test\\.tsx?$" },
      to: { dependencyTypes: ["npm", "npm-dev", "core"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};
